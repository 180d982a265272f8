/** German: what is understood. */
import { FOLLOW_UPS } from "./follow-up-words.js";
import type { SafeLanguage } from "./language.js";
import { DE_PHRASES } from "./de-phrases.js";
import { DE_NUMBERS } from "./number-words.js";
import { DE_SMALL_TALK } from "./small-talk.js";
import { DE_SPELLINGS } from "./spellings.js";

export const DE: SafeLanguage = {
  code: "de",
  spelled: DE_SPELLINGS,
  smallTalk: DE_SMALL_TALK,
  intents: [
    [
      "timer",
      /timer|wecker|weck mich|wecke mich|erinner(?:e|st)? (?:du )?mich|erinnerung|stoppuhr|countdown|stell\w*(?! dir)\b.*\b(?:auf|für) \S+ (?:minuten?|stunden?|uhr)|(?:melde? dich|stups mich|weck|bescheid).*\b(?:in|nach|wenn|um) |sag mir .*\b(?:in|wenn) (?:\S+ ){1,2}(?:minuten?|stunden?|viertelstunde)\b.*(?:bescheid|um sind|vorbei|rum)|\b(?:in|um) (?:\S+ ){1,3}bescheid|\bin \S+ (?:minuten?|stunden?|sekunden?)\b.*\b(?:sag|gib) mir (?:\S+ )?bescheid/,
    ],
    [
      "volume",
      /lautstärke|lauter|leiser|(?:^|\b(?:du|das|es|deine stimme) (?:\S+ ){0,4})zu (?:laut|leise)|nicht so (?:laut|leise)|\bruhiger sprechen|höre? dich (?:kaum|schlecht|nicht)|verstehe? dich (?:kaum|schlecht)/,
    ],
    [
      "stare",
      /(?:starr|schau|guck|glotz)\w* mich nicht|hör auf mich anzu\S+|mich (?:nicht|nicht mehr) anzu\S+/,
    ],
    [
      "hold",
      /(?:halt|sitz|steh)e? (?:\S+ ){0,2}still\b|bleib (?:\S+ ){0,2}(?:still|ruhig|so|sitzen|stehen|genau da)|beweg dich nicht|nicht (?:be|zu be)wegen|stillhalten|rühr dich nicht|nicht (?:zappeln|wackeln)/,
    ],
    ["nod", /\bnick(?:e|en|st|mal)?\b|(?:sag|mach|zeig) (?:\S+ )?ja mit dem kopf|mit dem kopf ja/],
    [
      "shake",
      /schüttel|schüttle|kopfschütteln|(?:sag|mach|zeig) (?:\S+ )?nein mit dem kopf|mit dem kopf nein/,
    ],
    [
      "dance",
      /\btanz|\bfeier(?: mal| bitte)*$|lass uns feiern|hurra|juhu|wir haben gewonnen|jubel/,
    ],
    [
      "center",
      /\b(?:schau|guck|sieh|blick|dreh|kuck|komm)\w*\b.*(?:mich an|zu mir|in die augen|geradeaus|nach vorne?|in die mitte|hierher|hier her|zur mitte)/,
    ],
    [
      "turn",
      /\b(?:schau|guck|sieh|blick|dreh|kuck|beweg|neig|wende?|kopf)\w*\b.*\b(?:links?|rechts?|oben|unten|hoch|runter|hinauf|hinunter|decke|boden|tisch|um(?:her)?)\b|^(?:nach )?(?:links|rechts|oben|unten)$/,
    ],
    [
      "tour",
      /zeig (?:mir |uns )?(?:mal )?was du (?:kannst|drauf hast)|(?:mach|gib) (?:mir |uns )?(?:mal )?eine führung|führ (?:mich|uns) herum/,
    ],
    [
      "gesture",
      /beweg (?:deinen|den) kopf|beweg dich|mach (?:mal )?(?:was|etwas|einen trick)|zeig mir (?:was|etwas|einen trick)|wink|zwinker|wackel/,
    ],
    [
      "walk",
      /komm (?:her|zu|rüber|mit)|\blauf|\bgeh (?:zu|in|weg)|folge mir|bring mir|hol mir|mach mir (?:einen?|was)|putz|räum|spring|flieg|(?:fenster|türe?|schrank|kühlschrank) (?:\S+ )?(?:auf|zu)|öffne d(?:ie|as)|mach die tür|\b(?:kochen|putzen|saugen|laufen|hüpfen|springen|tragen|holen)$/,
    ],
    [
      "math",
      /\d\s*(?:[-+*x×/÷:]|plus|minus|mal|geteilt durch)\s*\d|(?:\d|ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zig|zehn|hundert) (?:plus|minus|mal|geteilt durch) \S|(?:hälfte|doppelte|viertel|drittel) von|prozent von|wurzel|\brechne/,
    ],
    [
      "day",
      /(?:was|welche[rs]?|der wievielte|wievielte).*(?:tag|datum|wochentag|ist|war|haben wir)?.*(?:übermorgen|vorgestern|\bmorgen\b|\bgestern\b|\bin \S+ (?:tagen|tag|wochen?)\b)(?!.*wetter)|ist (?:heute|morgen|es) (?:schon )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|wochenende)/,
    ],
    [
      "date",
      /(?:welche[rsn]?|was für ein|was ist (?:heute )?(?:für )?(?:ein|das)) (?:tag|datum|wochentag|monat|jahr)|wievielte|(?:ist|haben wir) (?:heute )?(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)|das (?:heutige )?datum|welches jahr|was ist heute|welcher tag/,
    ],
    [
      "time",
      /wie ?(?:viel|spät)(?: uhr)?(?: ist es| haben wir)?$|wie spät|wieviel uhr|uhrzeit|wie viel uhr/,
    ],
    [
      "weather",
      /wetter|regne|regen|schnei|schnee|sonnig|temperatur|regenschirm|(?:kalt|warm|heiß) (?:draußen|heute)|(?:draußen|heute) (?:kalt|warm|heiß)/,
    ],
    [
      "news",
      /nachrichten|neuigkeiten|schlagzeilen|aktien|bundesliga|wer hat gewonnen|\bwahl(?:en)?\b|kanzler|präsident|in der welt|(?:was|gibt es) neues (?:von draußen|in)/,
    ],
    [
      "music",
      /musik|\blied\b|\bsing\b|singen|\bspiel(?:e)? (?:mir )?(?:ein|etwas|was|das)|radio|spotify|podcast|video|\bfilm/,
    ],
    [
      "home",
      /\blicht|lampe|heizung|fernseher|rollladen|rollo|vorhang|schalte?|staubsauger|kaffeemaschine|ventilator|klimaanlage|backofen|mach .*\b(?:an|aus)$/,
    ],
    [
      "call",
      /\bruf (?!mich)|anrufen|telefon|schreib (?:eine|meiner|meinem)|e-?mail|nachricht an|bestell|(?<!ein)kauf|kalender|termin|einkaufsliste/,
    ],
    ["translate", /übersetz|wie sagt man|was (?:heißt|bedeutet) .*\b(?:auf|in)\b/],
    ["story", /geschichte|märchen|gedicht|vorlesen|lies mir|rätsel|\bspiel(?:en)?\b|quiz/],
    ["joke", /witz|bring mich zum lachen|etwas lustiges|was lustiges|noch einen/],
    [
      "recall",
      /\b(?:wie|was|wer|wo|wann|welche\w*)\b.*\bmein(?:e[rnms]?)?\b (?!name)\S+|(?:weißt|kennst|erinnerst) du .*\bmein(?:e[rnms]?)? (?!name)\S+|was (?:mag|liebe|hasse|esse|trinke|spiele) ich|wo (?:wohne|arbeite) ich|was habe ich (?:dir )?(?:gesagt|erzählt)/,
    ],
    [
      "me",
      /wer bin ich|(?:wie|was) (?:ist|lautet|heißt) mein name|mein name\?|wie (?:ich heiße|heiße ich)|wie heisse ich|(?:weißt|kennst|erkennst|erinnerst) du .*\b(?:meinen namen|mich|an mich)\b|kennst du mich|was weißt du (?:über|von) mir|was weißt du über mich/,
    ],
    [
      "name",
      /wie heißt du|wie heisst du|dein(?:en)? name|wie (?:ist|lautet) dein name|wie (?:soll|kann|darf) ich dich nennen|heißt du|(?:wirst|bist) du genannt|nennt man dich|hast du einen namen|(?:soll|kann|darf|muss|könnte) (?:ich|man) (?:\S+ )?(?:dich|zu dir) (?:\S+ )?(?:ansprechen|rufen|sagen|nennen)|hörst du auf|dein rufname/,
    ],
    [
      "age",
      /wie alt bist du|(?:seit wann|wie lange) gibt es dich|dein alter|wann (?:wurdest|bist) du (?:geboren|gebaut)|(?:auf der welt|zur welt gekommen)|dein geburtstag|wann hast du geburtstag/,
    ],
    [
      "maker",
      /wer hat dich (?:\S+ ){0,3}(?:gemacht|gebaut|erfunden|programmiert|erschaffen|entwickelt|konstruiert|zusammenge\S+)|von wem (?:wurdest|bist|kommst|stammst) du|wer (?:steckt hinter|ist für) di(?:r|ch)|woher (?:kommst|stammst) du|wem gehörst du|wer ist dein (?:erfinder|besitzer|papa|vater|chef)|woraus bestehst du/,
    ],
    [
      "languages",
      /(?:sprichst|kannst|verstehst) du .*(?:deutsch|englisch|französisch|spanisch|japanisch|sprachen?)|welche sprachen|wie viele sprachen/,
    ],
    [
      "alive",
      /bist du (?:wirklich |eigentlich )*(?:lebendig|echt|eine? (?:\S+ )?(?:mensch|roboter|maschine|ki|intelligenz|computer|spielzeug\S*|junge|mädchen|mann|frau)|chatgpt|gpt|alexa|am leben|bei bewusstsein)|künstliche intelligenz|hast du (?:gefühle|eine seele|ein gehirn|ein herz)|(?:denkst|träumst|schläfst|fühlst|isst|lebst) du/,
    ],
    [
      "alone",
      /bist du (?:einsam|allein)|hast du mich vermisst|vermisst du mich|was hast du (?:heute |so )?(?:gemacht|getan)|wie lange|seit wann|was machst du|was tust du/,
    ],
    ["bored", /ist dir langweilig|langweilst du dich/],
    [
      "want",
      /was (?:willst|möchtest|brauchst|magst|wünschst) du|brauchst du (?:etwas|was)|magst du|dein(?:e|en)? lieblings|hast du (?:hunger|durst)|bist du (?:müde|hungrig)/,
    ],
    [
      "can",
      /was kannst du|was (?:\S+ ){0,4}drauf\b|(?:wozu|wofür|für was) (?:bist|taugst|dienst) du|(?:was|wie) (?:kann|soll|könnte|muss) (?:man|ich) (?:\S+ ){0,3}(?:mit dir|dich|benutzen|bedienen|reden|anfangen|anstellen)|was (?:ist )?deine (?:aufgabe|bestimmung)|worin bist du gut|was machst du so|^hilfe$|^hilf mir$|hilf mir bitte|kannst du mir helfen|was kann ich (?:sagen|fragen|tun)|befehle|was weißt du|wie funktionierst du|wie funktioniert das|deine (?:fähigkeiten|funktionen)|bist du (?:schlau|klug|intelligent)|sprachmodell|notbetrieb|warum (?:kannst|bist) du/,
    ],
    ["where", /wo (?:bist du|sind wir|wohnst du|lebst du)/],
    [
      "see",
      /was siehst du|kannst du mich sehen|siehst du|wer (?:\S+ )?ist (?:da|hier|das|im|in|bei|vor)|(?:ist|sitzt|steht) (?:\S+ ){0,3}jemand(?! zu hause)|jemand (?:anderes|sonst|vor dir|im|in|neben|hinter|bei)|bin ich (?:im bild|allein hier)|wie viele (?:leute|menschen|gesichter)|was (?:trage|habe) ich (?:an|in der hand)|wie sehe ich aus|sieh dich um|schau dich um|deine kamera|beobachtest du/,
    ],
    [
      "hear",
      /(?:kannst|hörst) du (?:mich|zu|uns)(?: hören)?|verstehst du mich|hörst du|bist du (?:da|wach|an|online|noch da)\b|(?:bist du|du bist) (?:\S+ )?am zuhören|hörst du (?:\S+ )?zu|jemand da\b|\btest\b|^jemand (?:zu hause|da)|wach auf|funktionierst du/,
    ],
    [
      "sad",
      /(?:ich bin|mir ist|fühle mich|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |etwas )*(?:traurig|deprimiert|unglücklich|niedergeschlagen|fertig|gestresst|im stress|verletzt|down|überfordert|am boden)|schlechter tag|schlechten tag|harter tag|mir geht(?:'s| es) (?:heute |gerade |im moment )*(?:(?:gar |überhaupt )?nicht (?:so |besonders )?gut|schlecht|mies)|gestorben|\b(?:ist|sind) tot\b|zum weinen|\bheul|\bweine|zum heulen|lässt sich scheiden|hat mich verlassen|(?:verlassen|gefeuert|gekündigt|durchgefallen)\b|keine lust mehr|ich habe .*verloren|schluss gemacht|fühle mich (?:schlecht|mies)/,
    ],
    [
      "tired",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |etwas |total )*(?:müde|erschöpft|kaputt|schläfrig|erledigt|platt|hundemüde|todmüde|k\.? ?o\b|ausgelaugt|geschafft|groggy)|kann nicht schlafen|brauche (?:schlaf|eine pause)/,
    ],
    [
      "angry",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |total )*(?:wütend|sauer|genervt|verärgert|frustriert|böse|stinksauer|auf 180)|ärgere mich|nervt mich|regt mich auf|auf die palme|platzt (?:mir )?(?:gleich )?der kragen|zum kotzen|habe? (?:mich )?(?:\S+ ){0,3}(?:gestritten|streit)\b/,
    ],
    [
      "afraid",
      /(?:ich habe|hab) (?:heute |gerade |wirklich |so |große |etwas |ein bisschen )*angst|(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz )*(?:nervös|ängstlich|besorgt|aufgeregt)|mache mir sorgen|fürchte mich|mir ist (?:\S+ )?(?:mulmig|bange)|(?:ich bin|bin) (?:\S+ )?panisch/,
    ],
    [
      "sick",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ein bisschen )*(?:krank|erkältet)|\bhabe? (?:\S+ ){0,2}(?:\S+schmerzen|\S+weh|fieber|schmerzen|schnupfen|husten|grippe|migräne)|tut (?:mir )?(?:der|die|das)? ?\S* ?weh|mir (?:ist|wird) (?:\S+ )?(?:schlecht|übel|schwindlig)/,
    ],
    [
      "lonely",
      /(?:ich bin|bin|fühle mich) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |ein bisschen )*(?:einsam|allein)|niemand (?:mag|liebt) mich|keine freunde/,
    ],
    [
      "dull",
      /mir ist (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |total |ein bisschen )*langweilig|langweile mich|unterhalte mich|das ist langweilig/,
    ],
    [
      "happy",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |total )*(?:glücklich|froh|fröhlich|begeistert|stolz|verliebt|gut gelaunt)|freue mich|mir geht(?:'s| es) (?:sehr |ganz |wieder )*(?:gut|super|prima|bestens)|gute nachricht|bestanden|(?:ich habe (?:\S+ )?|heute ist mein |ist (?:\S+ )?mein )geburtstag|ich habe (?:\S+ ){0,4}(?:gewonnen|geschafft|geheiratet|(?:job|stelle|zusage|baby) bekommen)|endlich (?:\S+ ){0,3}(?:geschafft|ferien|urlaub|wochenende)|(?:im lotto|befördert worden|verlobt)|toller tag/,
    ],
    [
      "love",
      /(?:ich )?(?:liebe|mag|hab) dich(?: lieb)?|(?:liebst|magst) du mich|heirate mich|sind wir freunde|mein freund sein|ich vermisse dich|ich habe dich vermisst/,
    ],
    [
      "how",
      /wie geht(?:'s| es)? ?(?:dir|ihnen|so)?|wie stehts|was läuft|was gibt(?:'s| es) neues$|wie fühlst du dich|geht es dir gut|alles (?:klar|gut|okay)(?: bei dir)?|wie läuft|was geht|wie war dein tag|wie ist (?:deine|die) (?:laune|stimmung)|bist du (?:glücklich|traurig|gut gelaunt|böse|sauer|okay)|na,? wie/,
    ],
    [
      "who",
      /stellst du (?:\S+ )?dar|wer (?:bist (?:\S+ ){0,2}du|spricht|redet|ist (?:dort|dran|am apparat))|mit wem (?:spreche|rede)|was für (?:ein\w* )?\S+ bist du|was bist (?:\S+ ){0,2}du|erzähl(?:e)? (?:\S+ ){0,3}(?:von|über) di(?:r|ch)|stell dich (?:mal )?vor/,
    ],
    [
      "insult",
      /dumm|doof|blöd|idiot|halt (?:die klappe|den mund)|nutzlos|hässlich|hasse dich|nervst|schlechter roboter|bescheuert/,
    ],
    [
      "praise",
      /gut gemacht|sehr gut|braver|brav|\bgute[rs]? (?:junge|mädchen|roboter|kerl)|du bist (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |echt |wirklich |ganz )*(?:nett|süß|lustig|toll|klasse|super|der beste|schlau|klug|niedlich|cool|lieb|schön)|\bbravo|\bprima|spitze|klasse|das war (?:gut|lustig|toll)|guter roboter/,
    ],
    ["thanks", /\bdanke|dankeschön|vielen dank|ich danke dir/],
    ["sorry", /entschuldig|tut mir leid|verzeih|sorry/],
    [
      "bye",
      /tschüs|auf wiedersehen|gute nacht|bis (?:bald|später|morgen|dann|nachher)|ich (?:muss (?:los|gehen|weg|jetzt)|gehe|bin (?:dann )?(?:mal )?weg)|mach's gut|schlaf gut|ciao|ich gehe (?:jetzt )?(?:schlafen|ins bett)/,
    ],
    [
      "greeting",
      /\bhall(?:o|ö)|\btach\b|\bjuhu\b|\bhuhu\b|\bhi\b|\bhey\b|\bhej\b|guten? (?:morgen|tag|abend)|\bmoin\b|servus|grüß|grüezi|^na\b|ich bin (?:wieder )?(?:da|zurück|zu hause)|freut mich|schön dich zu sehen|willkommen|^morgen$/,
    ],
    [
      "search",
      /google|suche? (?:nach|im)|internet|wikipedia|hauptstadt|wie (?:weit|groß|hoch|viele|lang|tief|schnell|schwer|teuer)|wo (?:liegt|ist|gibt)|wann (?:war|wurde|ist)|wer (?:war|hat|ist)|was ist (?:ein|eine|der|die|das)|warum ist|erklär|rezept/,
    ],
    [
      "yes",
      /^(?:ja|jo|jep|klar|sicher|genau|ok|okay|gut|stimmt|richtig|natürlich|alles klar|einverstanden)(?: (?:bitte|gern|gerne|buddy|gut))*$/,
    ],
    [
      "no",
      /^(?:nein|nö|nee|lieber nicht|nein danke|schon gut|egal|vergiss es|nichts)(?: (?:bitte|danke|buddy))*$/,
    ],
  ],
  negation: /\b(?:nicht|kein(?:e|en)?|niemals|nie|hör auf|ohne)\b/,
  question:
    /^(?:was|wer|wie|wo|wann|warum|wieso|weshalb|welche\w*|ist|bist|sind|hast|hat|kannst|kann|weißt|willst|magst|gibt|darf|soll)\b/,
  directions: [
    ["left", /\blinks?\b/],
    ["right", /\brechts?\b/],
    ["up", /\b(?:oben|hoch|hinauf|decke|rauf)\b/],
    ["down", /\b(?:unten|runter|hinunter|boden|tisch)\b/],
  ],
  numbers: DE_NUMBERS,
  days: [
    [/übermorgen/, 2],
    [/vorgestern/, -2],
    [/\bmorgen\b/, 1],
    [/\bgestern\b/, -1],
    [/nächste woche/, 7],
  ],
  inDays: /\bin (\S+) (tagen|tag|wochen?)\b/,
  sums: [
    [/\bplus\b|\bund\b/g, "+"],
    [/\bminus\b|\bweniger\b/g, "-"],
    [/\bmal\b/g, "*"],
    [/\bgeteilt durch\b|\bdurch\b/g, "/"],
    [/\b(?:die )?hälfte von\b/g, "0.5*"],
    [/\bdas doppelte von\b/g, "2*"],
    [/\bprozent von\b/g, "*0.01*"],
  ],
  topics: [
    /\bmein(?:e[rnms]?)? ([\p{L} -]+?)(?: (?:heißt|heisst|ist|wohnt|geburtstag|hat))*$/u,
    /\b(mag|liebe|hasse|esse|trinke|spiele|wohne|arbeite) ich\b/,
    /\bhabe ich dir (?:über|von) (?:mein\w* )?(\p{L}+)/u,
  ],
  timers: {
    list: /(?:welche|was f(?:ü|ue)r|zeig|gibt es|habe ich|wie (?:lange|viele)|laufen|läuft).*(?:timer|wecker|erinnerung)|wie lange.*noch/i,
    cancel:
      /(?:timer|wecker|erinnerung|countdown).*(?:lösch|abbrech|aus\b|stopp|weg\b|beende)|(?:lösche?|stoppe?|brich|beende|vergiss|entferne?).*(?:timer|wecker|erinnerung|countdown)/i,
    all: /\balle|erinnerungen/i,
    halves: [
      [/\b([a-zäöüß]+)einhalb minuten\b|\b(\d+),5 minuten\b/gi, "$1$2 minuten und 30 sekunden"],
      [
        /\b(zwei|drei|vier|fünf|sechs)einhalb stunden\b|\b(\d+),5 stunden\b/gi,
        "$1$2 stunden und 30 minuten",
      ],
    ],
    spans: [
      [/\b(?:in |auf )?(?:anderthalb|eineinhalb) stunden/i, 5_400_000],
      [/\b(?:in |auf )?(?:einer |eine )?dreiviertelstunde/i, 2_700_000],
      [/\b(?:in |auf )?(?:einer |eine )?(?:halben?|halbe) stunde/i, 1_800_000],
      [/\b(?:in |auf )?(?:einer |eine )?viertelstunde/i, 900_000],
    ],
    units: [
      [/\b(?:in |auf |für |und )?(\d+|[a-zäöüß]+) ?sekunden?/gi, 1000],
      [/\b(?:in |auf |für |und )?(\d+|[a-zäöüß]+)[ -]?minuten?/gi, 60_000],
      [/\b(?:in |auf |für |und )?(\d+|[a-zäöüß]+) ?stunden?/gi, 3_600_000],
      [/\b(?:in |und )?(\d+|[a-zäöüß]+) ?tagen?\b/gi, 86_400_000],
    ],
    at: /\b(?:um|auf) (?:(?<to>halb|dreiviertel|(?:viertel|fünf|zehn|zwanzig|\d{1,2})(?= vor\b)) (?:vor )?|(?<past>viertel|fünf|zehn|zwanzig|\d{1,2}) nach |)(?<h>\d{1,2}|[a-zäöüß]+)(?:[:.](?<m>\d{2}))?(?: uhr)?(?:(?<am> morgens| früh| in der früh)|(?<pm> abends| nachmittags| am abend| am nachmittag))?/i,
    isTwelveHours: false,
    about: [
      /\berinner(?:e|st)?\b(?: du)? mich,?(?: bitte)?,? (?:daran|dran)?,?\s*(?:an |dass |zu )?(.+)$/i,
      /\berinnerung (?:an |für )?(?!\d)(.{3,})$/i,
    ],
    inWords: "in {in}",
    atWords: "um {at}",
  },
  followUps: FOLLOW_UPS.de,
  quiet: {
    elsewhere:
      /^(?!.*\b(?:lauter|leiser|lautstärke|stimme|du|dich|rede|sprich)\b).*\b(?:nebenan|draußen|hier drin|hier im|drüben|oben|unten|nachbarn?|nachbarin|straße|party|(?:der|die|das|mein|meine|unser|unsere) (?!lautstärke|stimme)\S+ (?:ist|sind|war))(?![\p{L}])/u,
    begin:
      /^halt (?:\S+ ){0,2}(?:die klappe|den mund|den rand)|^(?:\S+ ){0,2}sei (?:\S+ ){0,3}(?:still|ruhig|leise)\b|^(?:kannst|könntest|würdest) du (?:\S+ ){0,3}(?:still|ruhig|leise) sein|^(?:ruhe|stille|pst|psst|pscht|schnauze|klappe)(?: (?:bitte|jetzt))*(?:$| für\b)|^schweig|^(?:sag|sprich|rede) (?:jetzt )?(?:nichts|nicht)(?: mehr)?(?:$| für\b)/,
    over: /^(?:okay |ok )?(?:jetzt )?(?:du )?(?:darfst|kannst) (?:du )?(?:jetzt )?wieder (?:reden|sprechen|etwas sagen)\b|^(?:sprich|rede) wieder\b/,
    louder: /lauter|(?:zu|so) leise|dich (?:kaum|schlecht|nicht)|lautstärke (?:hoch|rauf|erhöhen)/,
    softer: /leiser|(?:zu|so) laut|lautstärke (?:runter|herunter|senken)/,
  },
  ...DE_PHRASES,
};
