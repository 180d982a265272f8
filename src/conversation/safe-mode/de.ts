/** German: what is understood. */
import type { SafeLanguage } from "./language.js";
import { DE_PHRASES } from "./de-phrases.js";

export const DE: SafeLanguage = {
  code: "de",
  intents: [
    [
      "timer",
      /timer|wecker|weck mich|wecke mich|erinner(?:e|st)? (?:du )?mich|erinnerung|stoppuhr|countdown|sag mir in \S+ (?:minuten|stunden)/,
    ],
    ["volume", /lautstärke|lauter|leiser|zu (?:laut|leise)|sprich (?:lauter|leiser)/],
    [
      "stare",
      /(?:starr|schau|guck|glotz)\w* mich nicht|hör auf mich anzu\S+|mich (?:nicht|nicht mehr) anzu\S+/,
    ],
    [
      "hold",
      /halt still|bleib (?:still|ruhig|so)|beweg dich nicht|nicht bewegen|stillhalten|rühr dich nicht/,
    ],
    ["nod", /\bnick(?:e|en|st|mal)?\b|sag (?:\S+ )?ja mit dem kopf/],
    ["shake", /schüttel|schüttle|kopfschütteln|sag (?:\S+ )?nein mit dem kopf/],
    ["dance", /\btanz|feier|hurra|juhu|wir haben gewonnen|jubel/],
    [
      "center",
      /\b(?:schau|guck|sieh|blick|dreh|kuck|komm)\w*\b.*(?:mich an|zu mir|geradeaus|nach vorne?|in die mitte|hierher|hier her|zur mitte)/,
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
      /beweg (?:deinen|den) kopf|beweg dich|mach (?:mal )?(?:was|etwas|einen trick)|zeig mir (?:was|etwas|einen trick)|wink|zwinker|lächel|schau (?:fröhlich|traurig|überrascht)/,
    ],
    [
      "walk",
      /komm (?:her|zu|rüber|mit)|\blauf|\bgeh (?:zu|in|weg)|folge mir|bring mir|hol mir|mach mir (?:einen?|was)|putz|räum|spring|flieg|öffne die (?:tür|türe)|mach die tür/,
    ],
    [
      "math",
      /\d\s*(?:[-+*x×/÷:]|plus|minus|mal|geteilt durch)\s*\d|(?:\d|ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zig|zehn|hundert) (?:plus|minus|mal|geteilt durch) \S|(?:hälfte|doppelte) von|prozent von|wurzel/,
    ],
    [
      "day",
      /(?:was|welche[rs]?|der wievielte|wievielte).*(?:tag|datum|wochentag|ist|war|haben wir)?.*(?:übermorgen|vorgestern|\bmorgen\b|\bgestern\b|\bin \S+ (?:tagen|tag|wochen?)\b)(?!.*wetter)|ist (?:heute|morgen|es) (?:schon )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|wochenende)/,
    ],
    [
      "date",
      /(?:welche[rsn]?|was für ein|was ist (?:heute )?(?:für )?(?:ein|das)) (?:tag|datum|wochentag|monat|jahr)|wievielte|das (?:heutige )?datum|welches jahr|was ist heute|welcher tag/,
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
      /nachrichten|neuigkeiten|schlagzeilen|aktien|bundesliga|wer hat gewonnen|wahl|kanzler|präsident|in der welt/,
    ],
    [
      "music",
      /musik|\blied\b|\bsing\b|singen|\bspiel(?:e)? (?:mir )?(?:ein|etwas|was|das)|radio|spotify|podcast|video|\bfilm/,
    ],
    [
      "home",
      /\blicht|lampe|heizung|fernseher|rollladen|rollo|vorhang|schalte?|staubsauger|kaffeemaschine|mach .*\b(?:an|aus)$/,
    ],
    [
      "call",
      /\bruf (?!mich)|anrufen|telefon|schreib (?:eine|meiner|meinem)|e-?mail|nachricht an|bestell|kauf|kalender|termin|einkaufsliste/,
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
      /wie heißt du|wie heisst du|dein(?:en)? name|wie (?:ist|lautet) dein name|wie (?:soll|kann|darf) ich dich nennen|heißt du|hast du einen namen/,
    ],
    [
      "age",
      /wie alt bist du|(?:seit wann|wie lange) gibt es dich|dein alter|wann (?:wurdest|bist) du (?:geboren|gebaut)|dein geburtstag|wann hast du geburtstag/,
    ],
    [
      "maker",
      /wer hat dich (?:\S+ ){0,3}(?:gemacht|gebaut|erfunden|programmiert|erschaffen|entwickelt|konstruiert|zusammenge\S+)|woher kommst du|wer ist dein (?:erfinder|besitzer|papa|vater|chef)|woraus bestehst du/,
    ],
    [
      "languages",
      /(?:sprichst|kannst|verstehst) du .*(?:deutsch|englisch|französisch|spanisch|japanisch|sprachen?)|welche sprachen|wie viele sprachen/,
    ],
    [
      "alive",
      /bist du (?:wirklich |eigentlich )*(?:lebendig|echt|eine? (?:\S+ )?(?:mensch|roboter|maschine|ki|junge|mädchen|mann|frau)|chatgpt|alexa|am leben|bei bewusstsein)|hast du (?:gefühle|eine seele|ein gehirn|ein herz)|(?:denkst|träumst|schläfst|fühlst|isst|lebst) du/,
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
      /was kannst du|was (?:\S+ ){0,4}drauf\b|^hilfe$|^hilf mir$|hilf mir bitte|kannst du mir helfen|was kann ich (?:sagen|fragen|tun)|befehle|was weißt du|wie funktionierst du|wie funktioniert das|deine (?:fähigkeiten|funktionen)|bist du (?:schlau|klug|intelligent)|sprachmodell|notbetrieb|warum (?:kannst|bist) du/,
    ],
    ["where", /wo (?:bist du|sind wir|wohnst du|lebst du)/],
    [
      "see",
      /was siehst du|kannst du mich sehen|siehst du|wer ist (?:da|hier|das)|ist (?:da )?jemand|wie viele (?:leute|menschen|gesichter)|was (?:trage|habe) ich (?:an|in der hand)|wie sehe ich aus|sieh dich um|schau dich um|deine kamera|beobachtest du/,
    ],
    [
      "hear",
      /(?:kannst|hörst) du mich(?: hören)?|hörst du|bist du (?:da|wach|an)|\btest\b|jemand (?:zu hause|da)|wach auf|funktionierst du/,
    ],
    [
      "sad",
      /(?:ich bin|mir ist|fühle mich|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |etwas )*(?:traurig|deprimiert|unglücklich|niedergeschlagen|fertig|gestresst|verletzt)|schlechter tag|schlechten tag|harter tag|mir geht(?:'s| es) (?:heute |gerade |im moment )*(?:(?:gar |überhaupt )?nicht (?:so |besonders )?gut|schlecht|mies)|gestorben|zum weinen|ich habe .*verloren|schluss gemacht|fühle mich (?:schlecht|mies)/,
    ],
    [
      "tired",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |etwas |total )*(?:müde|erschöpft|kaputt|schläfrig|erledigt|platt|hundemüde|todmüde)|kann nicht schlafen|brauche (?:schlaf|eine pause)/,
    ],
    [
      "angry",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |ein bisschen |total )*(?:wütend|sauer|genervt|verärgert|frustriert|böse)|ärgere mich|nervt mich/,
    ],
    [
      "afraid",
      /(?:ich habe|hab) (?:heute |gerade |wirklich |so |große |etwas |ein bisschen )*angst|(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz )*(?:nervös|ängstlich|besorgt|aufgeregt)|mache mir sorgen|fürchte mich/,
    ],
    [
      "sick",
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ein bisschen )*(?:krank|erkältet)|ich habe (?:kopfschmerzen|bauchschmerzen|fieber|schmerzen|schnupfen)|tut (?:mir )?(?:der|die|das)? ?\S* ?weh|mir ist (?:schlecht|übel)/,
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
      /(?:ich bin|bin) (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |ganz |echt |total )*(?:glücklich|froh|fröhlich|begeistert|stolz|verliebt|gut gelaunt)|freue mich|mir geht(?:'s| es) (?:sehr |ganz |wieder )*(?:gut|super|prima|bestens)|gute nachricht|bestanden|(?:ich habe|heute ist mein) geburtstag|ich habe gewonnen|toller tag/,
    ],
    [
      "love",
      /(?:ich )?(?:liebe|mag|hab) dich(?: lieb)?|(?:liebst|magst) du mich|heirate mich|sind wir freunde|mein freund sein|ich vermisse dich|ich habe dich vermisst/,
    ],
    [
      "how",
      /wie geht(?:'s| es)? ?(?:dir|ihnen|so)?|wie fühlst du dich|geht es dir gut|alles (?:klar|gut|okay)(?: bei dir)?|wie läuft|was geht|wie war dein tag|wie ist (?:deine|die) (?:laune|stimmung)|bist du (?:glücklich|traurig|gut gelaunt|böse|sauer|okay)|na,? wie/,
    ],
    [
      "who",
      /wer bist (?:\S+ ){0,2}du|was bist (?:\S+ ){0,2}du|erzähl(?:e)? (?:\S+ ){0,3}(?:von|über) di(?:r|ch)|stell dich (?:mal )?vor/,
    ],
    [
      "insult",
      /dumm|doof|blöd|idiot|halt (?:die klappe|den mund)|nutzlos|hässlich|hasse dich|nervst|schlechter roboter|bescheuert/,
    ],
    [
      "praise",
      /gut gemacht|sehr gut|braver|brav|du bist (?:heute |gerade |einfach |richtig |wirklich |auch |immer |grad |so |sehr |echt |wirklich |ganz )*(?:nett|süß|lustig|toll|klasse|super|der beste|schlau|klug|niedlich|cool|lieb|schön)|\bbravo|\bprima|spitze|klasse|das war (?:gut|lustig|toll)|guter roboter/,
    ],
    ["thanks", /\bdanke|dankeschön|vielen dank|ich danke dir/],
    ["sorry", /entschuldig|tut mir leid|verzeih|sorry/],
    [
      "bye",
      /tschüs|auf wiedersehen|gute nacht|bis (?:bald|später|morgen|dann|nachher)|ich (?:muss (?:los|gehen|weg|jetzt)|gehe|bin (?:dann )?(?:mal )?weg)|mach's gut|schlaf gut|ciao|ich gehe (?:jetzt )?(?:schlafen|ins bett)/,
    ],
    [
      "greeting",
      /\bhallo|\bhi\b|\bhey\b|\bhej\b|guten? (?:morgen|tag|abend)|\bmoin\b|servus|grüß|grüezi|^na\b|ich bin (?:wieder )?(?:da|zurück|zu hause)|freut mich|schön dich zu sehen|willkommen|^morgen$/,
    ],
    [
      "search",
      /google|suche? (?:nach|im)|internet|wikipedia|hauptstadt|wie (?:weit|groß|hoch|viele|lang|tief)|wer (?:war|hat|ist)|was ist (?:ein|eine|der|die|das)|warum ist|erklär|rezept/,
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
  numbers: [
    [/\beinmal\b|\bein(?:en|e|s)?\b/, 1],
    [/\bzweimal\b|\bzwei\b/, 2],
    [/\bdreimal\b|\bdrei\b/, 3],
    [/\bviermal\b|\bvier\b/, 4],
    [/\bfünfmal\b|\bfünf\b/, 5],
    [/\bsechs\b/, 6],
    [/\bsieben\b/, 7],
    [/\bacht\b/, 8],
    [/\bneun\b/, 9],
    [/\bzehn(?:mal)?\b/, 10],
    [/\belf\b/, 11],
    [/\bzwölf\b/, 12],
    [/\bdreizehn\b/, 13],
    [/\bvierzehn\b/, 14],
    [/\bfünfzehn\b/, 15],
    [/\bzwanzig\b/, 20],
    [/\bdreißig\b/, 30],
    [/\bfünfundvierzig\b/, 45],
    [/\bvierzig\b/, 40],
    [/\bfünfzig\b/, 50],
    [/\bsechzig\b/, 60],
    [/\bneunzig\b/, 90],
    [/\bhundert\b/, 100],
  ],
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
    at: /\b(?:um|auf) (?:(?<half>halb )|)(?<h>\d{1,2}|[a-zäöüß]+)(?:[:.](?<m>\d{2}))?(?: uhr)?(?:(?<am> morgens| früh| in der früh)|(?<pm> abends| nachmittags| am abend| am nachmittag))?/i,
    isTwelveHours: false,
    about: [
      /\berinner(?:e|st)?\b(?: du)? mich,?(?: bitte)?,? (?:daran|dran)?,?\s*(?:an |dass |zu )?(.+)$/i,
      /\berinnerung (?:an |für )?(?!\d)(.{3,})$/i,
    ],
    inWords: "in {in}",
    atWords: "um {at}",
  },
  quiet: {
    begin:
      /^halt (?:\S+ ){0,2}(?:die klappe|den mund)|^(?:bitte )?sei (?:mal |bitte |jetzt )*(?:still|ruhig|leise)\b|^(?:ruhe|stille)(?: bitte)?(?:$| für\b)|^(?:sag|sprich|rede) (?:jetzt )?(?:nichts|nicht)(?: mehr)?(?:$| für\b)/,
    over: /^(?:okay |ok )?(?:jetzt )?(?:du )?(?:darfst|kannst) (?:du )?(?:jetzt )?wieder (?:reden|sprechen|etwas sagen)\b|^(?:sprich|rede) wieder\b/,
    louder: /lauter|zu leise|lautstärke (?:hoch|rauf|erhöhen)/,
    softer: /leiser|zu laut|lautstärke (?:runter|herunter|senken)/,
  },
  ...DE_PHRASES,
};
