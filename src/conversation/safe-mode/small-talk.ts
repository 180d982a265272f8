/**
 * What people say to try a robot, in each language: make a face, count, spell; that it is to leave them alone, or got them wrong;
 * and questions about itself that nothing else knows. Understood and said; `first` is before all other intents
 * of the language, `last` where no language knows better.
 */
import type { Emotion } from "../../wire/verbs.js";
import type { Intent, SmallTalk } from "./language.js";

/** Faces by how people call them. There is no sad and no angry one: the uneasy one is the nearest. */
function faces(
  patterns: Readonly<Record<Emotion, RegExp>>,
): readonly (readonly [Emotion, RegExp])[] {
  return Object.entries(patterns) as [Emotion, RegExp][];
}

function intents(
  patterns: Partial<Record<Intent, RegExp>>,
): readonly (readonly [Intent, RegExp])[] {
  return Object.entries(patterns) as [Intent, RegExp][];
}

export const EN_SMALL_TALK: SmallTalk = {
  first: intents({
    face: /\b(?:make|do|pull|show|give|put on)(?: me| us)? (?:an?|your|that) (?:[\w-]+ ){0,2}faces?\b|^(?:please |can you |could you |now |try to )*(?:look|act|be) (?:happy|sad|surprised|curious|angry|scared|bored|confused|excited|serious|sleepy)(?: please)?$|(?:^|\b(?:you|please|now|and) )smile\b/,
    count: /\bcount\b.* to \S+/,
    spell: /(?:^|\b(?:you|i|we|to|please) )spell (?:me |out |the word |the name )*\p{L}/u,
    coin: /\b(?:flip|toss|throw) (?:me )?a coin\b|\bheads or tails\b/,
    die: /\b(?:roll|throw|cast) (?:me )?(?:a |the |one )?(?:die|dice)\b/,
    joke: /\bmake me (?:smile|laugh|giggle)\b/,
    me: /\bdo you know who i am\b/,
    happy:
      /\bi(?:'ve)? (?:had|have had) (?:such |really |quite )*an? (?:\w+ )?(?:lovely|great|good|wonderful|nice|fantastic|amazing|beautiful) (?:day|night|morning|evening|week)\b/,
    sad: /\b(?:i(?:'m| am)? feel(?:ing)? (?:so |really |a bit )*(?:rotten|terrible|horrible|lousy|rubbish)|everything (?:went|goes|is going) wrong)\b/,
    how: /\bhow (?:was|were|is) your (?:night|morning|evening|week|weekend|day)\b/,
    see: /\b(?:are|is|do|does) (?:you|your camera|that camera|the camera) (?:\w+ )?(?:film|record|on$)\w*|\bwhat (?:are|'re) you (?:looking|staring|gazing) at\b/,
    greeting: /^(?:it's |it is |so )?(?:good|nice|lovely|great) to (?:see|meet|have) you\b/,
    bye: /^i(?:'m| am|m)? (?:going|off|heading) (?:to (?:the )?(?:shops?|store|work|school|bed|bathroom)|out|home|shopping)\b(?!.*\bremind)/,
    leave:
      /\b(?:leave me (?:alone|be)|(?:go away|get lost|shove off)$|stop bothering me|(?:stop|quit) (?:that|it|doing that)(?: now| please)*$|give me (?:some )?space|not now(?: please)?$)/,
    misheard:
      /\b(?:not what i (?:\w+ )?(?:asked|meant|said|wanted)|you (?:misunderstood|misheard)|you got (?:me|it|that) wrong|i (?:didn'?t|did not) (?:ask|mean|say) that|i (?:said|meant) \w+,? not \w+)\b/,
  }),
  last: intents({
    aboutMe:
      /^(?:so |and |but )?(?:do|can|could|would|will|are|have|did|were|bet|i bet) you\b|\byou(?:'re| are) running on\b|\bare you (?:running on|made with|built with|powered by)\b|\b(?:in|inside) your head\b|\byour (?:battery|sensors?|chip|memory|weight|height|processor)\b/,
  }),
  faces: faces({
    content: /happy|smil|glad|pleased|cheerful|content|nice/,
    excited: /excited|thrilled|crazy/,
    startled: /surpris|shock|startled|amazed|astonished/,
    curious: /curious|interested/,
    bored: /bored|sleepy|tired/,
    confused: /confused|puzzled|funny|silly/,
    anxious: /sad|anxious|scared|afraid|worried|angry|mad|grumpy|evil/,
    neutral: /normal|neutral|serious|straight|poker/,
  }),
  others:
    /^(?:the|my|his|her|their|our|he|she|they|we|people|everyone|everybody|an?) (?!.*\b(?:you|your|please)\b)(?!robot)/,
  counts: /\bto (.+)$/,
  spells: /\bspell (?:me |out |the word |the name )*(\p{L}+)/u,
  lines: {
    face: ["[express:{face}] Like this?"],
    count: ["{list}.", "{list}. That was it."],
    spell: ["{letters}."],
    leave: ["All right. I am here when you want me."],
    coin: ["Heads.", "Tails."],
    die: ["A one.", "A two.", "A three.", "A four.", "A five.", "A six!"],
    misheard: ["Then I got you wrong. Say it in other words, please."],
    aboutMe: [
      "I am only a head on a desk, without a mouth, hands or legs. I nod, look around and remember what you tell me.",
      "That is not in me. Ask me for a nod, a sum or the time.",
    ],
  },
};

export const DE_SMALL_TALK: SmallTalk = {
  first: intents({
    face: /\b(?:mach|zeig|zieh|schneid)\w* (?:mir |uns |mal |bitte )*(?:eine?|deine?) (?:\p{L}+ )?(?:gesicht|grimasse|miene)|\b(?:schau|guck|kuck)e? (?:mal |bitte )*(?:fröhlich|traurig|glücklich|böse|überrascht|neugierig|ernst|müde)|\blächle\b|\blächel(?: mal| bitte|$)|\blach mal\b/u,
    count: /\bzähl\w*\b.*\bbis \S+/,
    spell: /\bbuchstabier|\bwie (?:schreibt|buchstabiert) (?:man|sich)\b/,
    coin: /\bwirf (?:\S+ ){0,2}münze\b|\bkopf oder zahl\b/,
    die: /\b(?:wirf|würf(?:le|el)?) (?:\S+ ){0,2}würfel\b|^würf(?:le|el)(?: mal| bitte)*$/,
    joke: /\bbring mich (?:\S+ )?zum (?:lächeln|lachen)\b/,
    me: /\bweißt du(?: denn| eigentlich)?,? wer ich bin\b/,
    happy:
      /\bich hatte (?:\S+ ){0,2}einen (?:\S+ )?(?:schönen|tollen|guten|super|wunderbaren) (?:tag|abend|morgen)\b/,
    sad: /\b(?:ging|geht|läuft|lief) (?:heute )?(?:einfach )?alles schief\b/,
    thanks: /\bvielen (?:\S+ )?dank\b/,
    insult: /\bzu nichts (?:zu gebrauchen|nutze?|gut)\b/,
    see: /\bfilmst du|nimmst du (?:\S+ ){0,3}auf$|\b(?:wohin|was|wo|worauf) (?:schau|guck|kuck|sieh)\w* du\b(?! aus)/,
    greeting: /^(?:\S+ )?schön,? dich (?:kennenzulernen|zu sehen|zu treffen)/,
    bye: /^ich (?:geh|gehe|muss|bin) (?:\S+ ){0,3}(?:einkaufen|los|weg|raus|schlafen|ins bett|zur (?:arbeit|schule))\b(?!.*erinner)/,
    leave:
      /\blass mich (?:\S+ ){0,2}(?:in ruhe|allein)|\b(?:geh weg|hau ab|verschwinde)$|\bnerv (?:mich )?nicht|^hör auf(?: damit)?$|^lass das$|\bjetzt nicht$/,
    misheard:
      /\b(?:das|danach) (?:hab|habe|hatte) ich (?:dich )?(?:gar |doch )?nicht (?:gefragt|gemeint|gesagt)|\bfalsch verstanden\b|\bso war das nicht gemeint\b|\bich (?:meinte|sagte|habe) \S+,? nicht \S+|\bnicht meine frage\b|\bdas (?:meinte|meine) ich nicht\b/,
  }),
  last: intents({
    aboutMe:
      /^(?:und |aber |sag mal )?(?:\p{L}+t|bist|hast) du\b|\b(?:hast|bist|kannst|brauchst|magst) du$|\bsteckt in dir\b|\bim kopf\b|\bdein\w* (?:akku|batterie|sensoren|chip|speicher|gewicht)\b/u,
  }),
  faces: faces({
    content: /fröhlich|glücklich|lach|lächel|froh|zufrieden|freundlich|nett|lieb/,
    excited: /begeistert|aufgeregt|verrückt/,
    startled: /überrascht|erschrocken|erstaunt|schockiert/,
    curious: /neugierig|interessiert/,
    bored: /gelangweilt|müde/,
    confused: /verwirrt|ratlos|lustig|komisch|grimasse/,
    anxious: /traurig|ängstlich|besorgt|böse|wütend|sauer|grimmig/,
    neutral: /normal|ernst|neutral/,
  }),
  others:
    /^(?:der|die|das|mein\w*|sein\w*|ihre?|unser\w*|er|sie|wir|alle|man|ein\w*) (?!.*\b(?:du|dich|dein\w*|bitte|mal)\b)/,
  counts: /\bbis (.+)$/,
  spells:
    /\b(?:schreibt|buchstabiert) (?:man|sich) (?:das wort |den namen |eigentlich |denn |noch |mal )*(\p{L}+)|\bbuchstabiere? (?:mir |mal |bitte |das wort |den namen )*(\p{L}+)/u,
  lines: {
    face: ["[express:{face}] So etwa?"],
    count: ["{list}.", "{list}. Das war's."],
    spell: ["{letters}."],
    leave: ["In Ordnung. Ich bin da, wenn du mich brauchst."],
    coin: ["Kopf.", "Zahl."],
    die: ["Eine Eins.", "Eine Zwei.", "Eine Drei.", "Eine Vier.", "Eine Fünf.", "Eine Sechs!"],
    misheard: ["Dann habe ich dich falsch verstanden. Sag es bitte mit anderen Worten."],
    aboutMe: [
      "Ich bin nur ein Kopf auf einem Tisch, ohne Mund, Hände und Beine. Ich nicke, schaue mich um und merke mir, was du mir sagst.",
      "Das steckt nicht in mir. Frag mich nach der Uhrzeit, einer Rechnung oder einem Nicken.",
    ],
  },
};

export const ES_SMALL_TALK: SmallTalk = {
  first: intents({
    face: /(?:pon|haz)(?:me)? (?:una |tu )?(?:\p{L}+ )?(?:cara|carita|mueca)|(?:^|por favor )sonr[ií]e/u,
    count: /cuenta\S* .{0,20}(?:hasta|al?) \S+$/,
    spell: /deletrea|c[oó]mo se (?:escribe|deletrea)/,
    coin: /(?:lanza|tira|echa) (?:al aire )?una moneda|cara o cruz/,
    die: /(?:lanza|tira|echa) (?:un |el |los )dados?/,
    joke: /hazme (?:sonre[ií]r|re[ií]r)/,
    happy:
      /(?:he tenido|tuve) un d[ií]a (?:\S+ )?(?:precioso|bonito|estupendo|genial|maravilloso|muy bueno)|qu[eé] d[ií]a (?:m[aá]s|tan) bonito/,
    sad: /todo (?:me )?(?:ha |est[aá] )?(?:salido|sali[oó]|saliendo) mal/,
    insult: /no sirves para nada/,
    how: /has dormido bien|dormiste bien/,
    who: /qu[eé] (?:cosa )?eres$/,
    greeting: /saluda a mi/,
    see: /me est[aá]s (?:filmando|grabando)|me (?:filmas|grabas)|qu[eé] (?:est[aá]s mirando|miras)|ad[oó]nde (?:miras|est[aá]s mirando)/,
    bye: /^(?:me voy|salgo|ahora vuelvo|vuelvo)(?:$| )(?!.*recu[eé]rda)/,
    leave:
      /d[eé]jame (?:en paz|sol[oa]|tranquil[oa])|(?:vete|l[aá]rgate)$|no me molestes|^(?:para|deja)(?: ya| eso| de hacer eso)+$|ahora no$/,
    misheard:
      /no (?:es|era|fue) lo que (?:te )?(?:he )?(?:pregunt|dije|dicho|quer|ped)|(?:^no )?(?:dije|digo|he dicho) \S+ no \S+|me has? entendido mal|no me has? entendido|no (?:he dicho|dije|pregunt[eé]) eso/,
  }),
  last: intents({
    aboutMe:
      /^(?:y |pero |oye )?(?:t[uú] )?(?:te gustan?|puedes|sabes|eres|est[aá]s|tienes|quieres|has|\p{L}+[aei]s)(?:$| )/u,
  }),
  faces: faces({
    content: /feliz|content|alegre|sonr|simp[aá]tic|amable/,
    excited: /emocionad|entusiasm|loc[oa]/,
    startled: /sorpre|asombr|asustad/,
    curious: /curios|interesad/,
    bored: /aburrid|cansad|sue[nñ]o/,
    confused: /confundid|raro|rara|graci|mueca/,
    anxious: /triste|miedo|preocupad|enfadad|enojad|mal[oa]/,
    neutral: /seri[oa]|normal|neutr/,
  }),
  others:
    /^(?:los|las|el|la|una?|mis?|sus?|ella|él|ellos|ellas|todos) (?!.*(?:por favor|cabeza a))/,
  counts: /(?:hasta|al?) (.+)$/,
  spells: /(?:se (?:escribe|deletrea)|deletrea(?:me)?) (?:la palabra |el nombre |bien )*(\p{L}+)/u,
  lines: {
    face: ["[express:{face}] ¿Así?"],
    count: ["{list}.", "{list}. Ya está."],
    spell: ["{letters}."],
    leave: ["De acuerdo. Aquí estoy cuando me quieras."],
    coin: ["Cara.", "Cruz."],
    die: ["Un uno.", "Un dos.", "Un tres.", "Un cuatro.", "Un cinco.", "¡Un seis!"],
    misheard: ["Entonces te entendí mal. Dímelo con otras palabras, por favor."],
    aboutMe: [
      "Solo soy una cabeza en una mesa, sin boca, manos ni piernas. Asiento, miro alrededor y recuerdo lo que me cuentas.",
      "Eso no está en mí. Pídeme que asienta, una suma o la hora.",
    ],
  },
};

export const FR_SMALL_TALK: SmallTalk = {
  first: intents({
    face: /(?:fais|montre|prends)(?:-moi| moi)? (?:une?|ta|un air) (?:\S+ ){0,2}(?:t[eê]te|visage|figure|mine|grimace|mimique|air)|souris(?:-moi| moi)?$|fais(?:-moi| moi)? un sourire/,
    count: /compte\S* .{0,20}(?:jusqu'[aà]|[aà]) ?\S+$/,
    spell: /[eé]pelle|comment (?:on [eé]crit|[cç]a s'[eé]crit|s'[eé]crit|[eé]crit-on|tu [eé]cris)/,
    coin: /(?:lance|tire|jette) une pi[eè]ce|pile ou face/,
    die: /(?:lance|tire|jette) (?:un |le |les )d[eé]s?$/,
    joke: /fais[- ]moi (?:sourire|rire)/,
    sad: /tout (?:est allé|va|a été) de travers/,
    insult: /tu ne sers (?:\S+ )?à rien|tu sers à rien/,
    greeting: /dis bonjour à/,
    alone: /longtemps que tu es (?:là|ici)/,
    see: /tu me filmes|tu m'enregistres|(?:qu'est-ce que tu|que) regardes|tu regardes (?:quoi|où|o[uù])|regardes-tu/,
    bye: /^(?:je (?:sors|reviens|pars)|je m'en vais|je vais (?:faire les courses|au lit|au travail|me coucher))(?:$| )(?!.*rappelle)/,
    leave:
      /laisse[- ]moi (?:tranquille|en paix|seule?)|va[- ]t'en|fiche[- ]moi la paix|^arrête(?: ça| de faire ça)?$|pas maintenant$/,
    misheard:
      /pas ce que (?:je (?:t'ai|te|voulais)|j'ai|je) ?(?:demand|dit|dire)|j'ai dit (?:\S+ ){1,3}pas (?:à |le |la )?\S+|tu (?:m'as|as) mal compris|tu n'as (?:pas|rien) compris|je n'ai pas (?:dit|demand[eé]) [cç]a/,
  }),
  last: intents({
    aboutMe:
      /^(?:et |mais |dis )?(?:est-ce que t|t'(?:as|es|aimes|arrives)|tu |\p{L}+-tu(?:$| ))|\b\p{L}+[- ]tu(?:$| )|\bt(?:a|es) (?:batterie|capteurs?|puce|poids)\b/u,
  }),
  faces: faces({
    content: /heureu|content|joyeu|souri|gentil/,
    excited: /excit|enthousias|fou|folle/,
    startled: /surpris|[eé]tonn|choqu/,
    curious: /curieu|int[eé]ress/,
    bored: /ennuy|fatigu|sommeil/,
    confused: /perplexe|confus|dr[oô]le|grimace|b[eê]te/,
    anxious: /triste|inqui|peur|f[aâ]ch|col[eè]re|m[eé]chant/,
    neutral: /s[eé]rieu|normal|neutre/,
  }),
  others: /^(?:les?|la|une?|mon|ma|mes|son|sa|ses|elles?|ils?|on) (?!fête)(?!.*s'il te plaît)/,
  counts: /(?:jusqu'[aà]|[aà]) ?(.+)$/,
  spells:
    /(?:on [eé]crit|s'[eé]crit|[eé]crit-on|tu [eé]cris|[eé]pelle)(?:-moi| moi)? (?:le mot |le nom )?(\p{L}+)/u,
  lines: {
    face: ["[express:{face}] Comme ça ?"],
    count: ["{list}.", "{list}. Voilà."],
    spell: ["{letters}."],
    leave: ["D'accord. Je suis là quand tu veux."],
    coin: ["Pile.", "Face."],
    die: ["Un un.", "Un deux.", "Un trois.", "Un quatre.", "Un cinq.", "Un six !"],
    misheard: ["Alors je t'ai mal compris. Dis-le autrement, s'il te plaît."],
    aboutMe: [
      "Je ne suis qu'une tête sur un bureau, sans bouche, ni mains, ni jambes. Je hoche la tête, je regarde autour de moi et je retiens ce que tu me dis.",
      "Ce n'est pas en moi. Demande-moi un signe de tête, un calcul ou l'heure.",
    ],
  },
};

export const JA_SMALL_TALK: SmallTalk = {
  first: intents({
    face: /顔(?:を)?(?:して|やって|見せて|できる|作って)|笑って|笑顔|変顔|スマイル/,
    count: /まで.{0,4}(?:数えて|かぞえて|カウント)/,
    coin: /コイン(?:を)?(?:投げ|トス)|コイントス|表か裏/,
    die: /(?:サイコロ|さいころ|ダイス)(?:を)?(?:振|ふ)/,
    how: /よく(?:眠れ|寝られ|ねむれ)た|よく寝た/,
    me: /私が(?:誰|だれ)(?:だ)?か/,
    happy: /(?:いい|良い|素敵な|楽しい)(?:一日|日)だった/,
    sad: /うまくいかなかった|気分が最悪|最悪な気分/,
    insult: /役に立たない|使えない|上手じゃない/,
    alone: /ずっとここに/,
    see: /(?:撮影|録画|録音)して(?:い)?る|(?:何|なに|どこ)(?:を)?(?:見|み)て(?:い)?(?:る|ます)/,
    bye: /出かけて(?:くる|きま)|行ってき(?:ます|まーす)|行ってくる/,
    leave:
      /ほ(?:っと|うって)おいて|ほっといて|放って(?:おい|とい)て|あっち(?:へ|に)?(?:行|い)って|^(?:それ|もう)(?:は)?やめて(?:ください)?$|邪魔しないで|一人にして/,
    misheard:
      /そう(?:いうこと)?じゃな(?:い|くて)|そんなこと(?:は)?(?:聞いて|言って|頼んで)な|じゃなくて.*って言った|聞き間違/,
  }),
  last: intents({
    aboutMe:
      /^(?:あなた|君|きみ|お前|おまえ)(?:は|も|って|の)|(?:できる|食べる|飲む|噛む|持ってる)(?:の|か|んですか)?$/,
  }),
  faces: faces({
    content: /嬉し|うれし|笑|楽し|幸せ|スマイル|ハッピー|にこ/,
    excited: /興奮|わくわく|ワクワク/,
    startled: /驚|びっくり|ビックリ/,
    curious: /好奇|興味|不思議/,
    bored: /退屈|眠|つまらな/,
    confused: /困|混乱|変/,
    anxious: /悲し|怖|不安|怒|泣/,
    neutral: /普通|真顔|真面目/,
  }),
  others: /(?:人|彼|彼女|あの子|この子|さん|みんな|たち|犬|猫)(?:が|は|も).*(?:る|た)$/,
  counts: /^(.*?)まで/,
  spells: /(?!)/,
  lines: {
    face: ["[express:{face}] こんな感じ？"],
    count: ["{list}。"],
    spell: ["{letters}。"],
    leave: ["わかりました。用があるときは呼んでください。"],
    coin: ["表です。", "裏です。"],
    die: ["一です。", "二です。", "三です。", "四です。", "五です。", "六です！"],
    misheard: ["聞き間違えたようです。別の言い方でお願いします。"],
    aboutMe: [
      "私は机の上の頭だけのロボットです。口も手も足もありません。うなずいたり、見回したり、聞いたことを覚えたりします。",
      "それは私にはありません。うなずき、計算、時間なら任せてください。",
    ],
  },
};
