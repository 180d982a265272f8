/**
 * Guesses the language of a sentence in Latin script by its small words and its letters: the few hundred words that make up
 * half of all talk. Pure. A sentence that shows too little keeps the language it is asked with.
 */

/** Small words that are frequent in one language and rare in the others. */
const SMALL_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: "eight nine ten eleven twelve twenty thirty forty fifty hundred times tell give show say look turn head some any all out up down what's you're i've a an as so the is are am was were you your my i i'm it it's and of to in that this what who how where when why do does did don't can can't could will would have has not no yes with for on be me we they he she hello hi thanks please good there here about from just know like".split(
    " ",
  ),
  de: "guten willkommen tschüss freut natürlich vielleicht schade genau wirklich leider jo kleiner kleine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert mal doch denn dann sei sag sagt bist seid habt hab rechne aus an alle alles etwas nichts immer heut mach macht schau guck dreh kopf bescheid weck stunde minuten uhr still halt isch net nich oder wenn weil der die das ist sind bin war du dein deine mein meine ich es und von zu nicht kein keine ja nein mit für auf wir sie er was wer wie wo wann warum kann kannst habe hast hat den dem des ein eine einen auch nur noch aber oder bitte danke hallo gut schön mir mich dir dich im am zum heute jetzt hier geht gerne wird".split(
    " ",
  ),
  es: "cuatro cinco seis siete ocho nueve diez veinte treinta cien mira gira dime dame haz pon cabeza algo nada todo eres sabes vas va ha he han mañana hora horas minutos están somos su sus mis porfa el la los las es son soy eres está estás estoy tú tu mi yo y de que qué quién cómo dónde cuándo por para con no sí en un una unos me te se lo le hola gracias bien muy más pero o hay tengo tienes tiene puedo puedes hoy ahora aquí esto eso cuál del al buenos buenas quiero".split(
    " ",
  ),
  fr: "dit combien font deux trois quatre cinq sept huit neuf dix vingt trente cent y toi moi là fais faire vas va peu tout tous mets dis tête regarde tourne t'es t'as c'était as-tu es-tu son ses mes tes demain hier quelqu'un truc à le la les est sont suis es tu ton ta mon ma je j'ai il elle et de des du que qu'est qui quoi comment où quand pourquoi pour avec ne pas oui non en un une dans au aux ce cette c'est me te se bonjour salut merci bien très plus mais ou vous nous peux peut ai as a aujourd'hui ici sur fait ça quelle quel heure".split(
    " ",
  ),
  it: "buonasera buonanotte allora piacere adesso prego scusa andiamo stai fai il lo la i gli le è sono sei era tu tuo mio io e di che chi come dove quando perché per con non sì in un una mi ti si ciao grazie bene molto più ma o ho hai ha posso puoi oggi ora qui questo quello del della buongiorno voglio".split(
    " ",
  ),
  pt: "o a os as é são sou está você seu meu eu e de que quem como onde quando por para com não sim em um uma me te se olá obrigado obrigada bem muito mais mas ou tenho tem posso pode hoje agora aqui isto isso do da bom dia quero".split(
    " ",
  ),
  nl: "de het een is zijn ben was je jij jouw mijn ik en van te niet geen ja nee met voor op wij zij hij wat wie hoe waar wanneer waarom kan kun heb hebt heeft ook maar of dank hallo goed mij hier nu vandaag dit dat gaat graag".split(
    " ",
  ),
};
/** Letters that only some of them have. */
const LETTERS: readonly (readonly [RegExp, readonly string[], number])[] = [
  [/[ß]/, ["de"], 3],
  [/[äöü]/, ["de"], 1.5],
  [/[ñ¿¡]/, ["es"], 3],
  [/[ãõ]/, ["pt"], 3],
  [/[œêûîëô]|[cdjlmnst]['’](?=[aeiouhéè])/i, ["fr"], 1.5],
  [/[ç]/, ["fr", "pt"], 1.5],
  [/[èù]/, ["fr", "it"], 1],
  [/[áíóú]/, ["es", "pt"], 1],
];
/** Another language than the character's own needs this much more to be taken. */
const LEAD_MIN = 1;

/**
 * @param own BCP 47; it wins a tie and whatever is too short to tell.
 * @param scoreMin words and letters of its own that another language must show in a longer sentence.
 * @returns a two-letter code, or `own` as it was given.
 */
export function latinLanguage(text: string, own: string, scoreMin = 2): string {
  const words = text.toLowerCase().match(/[\p{L}'’]+/gu) ?? [];
  const [base = own] = own.toLowerCase().split("-");
  const scores = Object.entries(SMALL_WORDS).map(([language, small]) => {
    const list = new Set(small);
    const hits = words.filter((word) => list.has(word.replaceAll("’", "'"))).length;
    const letters = LETTERS.reduce(
      (sum, [pattern, languages, weight]) =>
        languages.includes(language) && pattern.test(text) ? sum + weight : sum,
      0,
    );
    return { language, score: hits + letters };
  });
  const ownScore = scores.find(({ language }) => language === base)?.score ?? 0;
  const best = scores.reduce((one, other) => (other.score > one.score ? other : one));
  if (best.language === base || best.score < ownScore + LEAD_MIN) return own;
  // One word of many is a name or a quotation; "Hola" alone is a language.
  return best.score >= scoreMin || words.length <= 2 ? best.language : own;
}
