/**
 * How people talk and how speech-to-text writes it, as the patterns expect it: without fillers, particles and intensifiers, with
 * the marks that were left out, and in the standard form of what a dialect has its own for. Tried where the words as they
 * stand tell nothing. "" takes away; blanks are put right afterwards.
 */

export type Spellings = readonly (readonly [RegExp, string])[];

export const EN_SPELLINGS: Spellings = [
  [/\b(what|who|where|when|how|that|there|it)s\b/g, "$1's"],
  [/\b(do|does|did|is|are|was|were|have|has|had|could|would|should)nt\b/g, "$1n't"],
  [/\bcant\b/g, "can't"],
  [/\bwont\b/g, "won't"],
  [/\bim\b/g, "i'm"],
  [/\b(you|they)re\b/g, "$1're"],
  [/\b(i|you|we|they)ve\b/g, "$1've"],
  [/\bur\b/g, "your"],
  [/\b(?:u|ya)\b/g, "you"],
  [/\br\b/g, "are"],
  [/\bwanna\b/g, "want to"],
  [/\bgonna\b/g, "going to"],
  [/\bgimme\b/g, "give me"],
  [/\b(?:d'you|d'ya|d'ye)\b/g, "do you"],
  [/\bwhatcha\b/g, "what are you"],
  [/\bwot\b/g, "what"],
  [/\b(?:ain't|aint)\b/g, "isn't"],
  [/\bfav(?:e|ourite|orite)?\b/g, "favourite"],
  [
    /\b(?:tell me|i wonder|i was wondering|do you know|any idea) (?=(?:what|who|how|where|when)\b)/g,
    "",
  ],
  [/\b(?:super|mega|totally|absolutely|quite|pretty|rather|bloody|freaking|damn) (?=\w)/g, "so "],
  [
    /\b(?:u[hm]+|er+m*|h+m+|like|actually|basically|just|kinda|sort of|well|anyway|please|pls|plz|maybe|honestly|literally|even|exactly|for me|for us|mate|man|dude|bro|pal|there)\b/g,
    "",
  ],
  [/^(?: *(?:so|and|but|okay|ok|right|oh|ah|now)\b)+/g, ""],
];

export const DE_SPELLINGS: Spellings = [
  [
    /\b(kann|ha|bi|wei[sß]|sieh|mach|will|hei[sß]|hör|mag|soll|muss|denk|fühl|wohn|sprich|versteh|schläf)s?te\b/g,
    "$1st du",
  ],
  [/weißst|weisst/g, "weißt"],
  [/heißst|heisst/g, "heißt"],
  [/\bheisse\b/g, "heiße"],
  [/\b(geht|gibt|ist|hat)'?s\b/g, "$1 es"],
  [/\b(?:isses|isset|is es)\b/g, "ist es"],
  [/\bis\b/g, "ist"],
  [/\bnich(?:'|\b)/g, "nicht"],
  [/\b(?:nix|nüscht)\b/g, "nichts"],
  [/\b(?:wat|wos)\b/g, "was"],
  [/\b(?:dat|des)\b/g, "das"],
  [/\b(?:ick|icke|isch)\b/g, "ich"],
  [/\bhab\b/g, "habe"],
  [/\bheut\b/g, "heute"],
  [/'?\bner\b/g, "einer"],
  [/'?\bnen\b/g, "einen"],
  [/'?\bne\b/g, "eine"],
  [/'?\bn\b/g, "ein"],
  [/\b(?:bissl|bisserl|bisschen|bissel|biss[iä]le?)\b/g, "bisschen"],
  [/\b(?:total|echt|voll|mega|richtig|ziemlich|sehr|ganz|krass|super|so) (?=\p{L})/gu, ""],
  [
    /\b(?:ähm?|öhm?|hm+|mal|ma|doch|denn|eigentlich|bitte|einfach|eben|gerade|grad|also|jetzt|schon|alles|alle|überhaupt|gern|gerne|ein bisschen|bisschen|für mich|für uns|genau|digger|alter)\b/g,
    "",
  ],
  [/^(?: *(?:und|na|ja|okay|ok|oh|ach|so|du|sag)\b(?! du\b))+ /g, ""],
];

export const ES_SPELLINGS: Spellings = [
  // "mirá", "esta", "mañana": accents are left out, and Argentina has its own.
  [/á/g, "a"],
  [/é/g, "e"],
  [/í/g, "i"],
  [/ó/g, "o"],
  [/[úü]/g, "u"],
  [/\bpodes\b/g, "puedes"],
  [/\btenes\b/g, "tienes"],
  [/\bqueres\b/g, "quieres"],
  [/\bsos\b/g, "eres"],
  [/\bvos\b/g, "tu"],
  [/\bcontame\b/g, "cuentame"],
  [/\bdecime\b/g, "dime"],
  [/\b(?:q|k)\b/g, "que"],
  [/\bxq\b/g, "por que"],
  [/\b(?:muy|super|tan|demasiado|mega|bastante|re|bien) (?=\p{L}+(?:[ao]s?|e)\b)/gu, ""],
  [
    /\b(?:eh+|este|pues|oye|a ver|venga|porfa|por favor|porfavor|un poco|un poquito|ahora mismo|ahorita|tio|tia|wey|guey|che|para mi|exactamente|tambien|puedes|podrias|me puedes|puede)\b/g,
    "",
  ],
  [/^(?: *(?:y|bueno|vale|ay|ah|oh)\b)+ /g, ""],
];

export const FR_SPELLINGS: Spellings = [
  [/\b(?:j'suis|chuis|j'sui)\b/g, "je suis"],
  [/\bt'es\b/g, "tu es"],
  [/\bt'as\b/g, "tu as"],
  [/\bt'étais\b/g, "tu étais"],
  [/\best-ce qu(?:e |')/g, ""],
  [/(?<!\bil )\by a\b/g, "il y a"],
  [/\bqu'est c'?que\b/g, "qu'est-ce que"],
  [/\bc (?=quoi|koi)/g, "c'est "],
  [/\bkoi\b/g, "quoi"],
  [
    /\b(?:très|trop|super|hyper|ultra|méga|grave|vachement|tellement|vraiment|assez|bien) (?=\p{L}+)/gu,
    "",
  ],
  [
    /(?<![\p{L}'])(?:euh|ben|bah|alors|dis|hein|s'il te plaît|s'te plaît|s'il vous plaît|stp|svp|un peu|juste|en fait|du coup|donc|pour voir|pour moi|exactement|au juste|enfin|là|tu peux|tu pourrais|peux-tu|pourrais-tu)(?!\p{L})/gu,
    "",
  ],
  [/^(?: *(?:et|mais|bon|ah|oh|ok)\b)+ /g, ""],
];

export const JA_SPELLINGS: Spellings = [
  [
    /^(?:えっと|えーと|ええと|あの[ーう]?|あのさ|ねえ|ねぇ|なんか|まあ|じゃあ?|で、|ちなみに|そういえば|すみません)[\s、]*/g,
    "",
  ],
  [/って(?=何|なに|誰|だれ|どこ|いつ|どう|ある|いる|いく|何日|今日)/g, "は"],
  [/っけ$/g, ""],
  [/ちょっと|少し|もうちょい/g, ""],
  [/めっちゃ|すごく|とても|超|マジで|まじで/g, ""],
  [/(?<=[今明昨]日|あした|あさって|きのう)の?(?:は|って)?(?=何)/g, "は"],
];
