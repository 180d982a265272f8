/** What is said after something else and stands for a whole, in each language; `follow-up.ts` says for which. */
import type { SafeLanguage } from "./language.js";

export const FOLLOW_UPS = {
  en: {
    again:
      /^(?:(?:please|and|ok|okay|now|can you|could you) )*(?:(?:do|say|try) (?:it|that) )?(?:again|once more|one more(?: time)?|another(?: one)?|repeat(?: (?:it|that))?)(?: please)?$/,
    other:
      /^(?:(?:no|and|now|please|ok|i meant) )*(?:to )?(?:the )?other (?:side|way|direction|one)(?: (?:now|please|round|around))*$/,
    cancel:
      /^(?:(?:please|ok|okay|no|can you|could you) )*(?:(?:cancel|stop|delete|remove|forget|scrap|drop|clear) (?:it|that|this|them)(?: all)?|cancel|never ?mind)(?: (?:please|again|now))*$/,
    cancelTimer: "cancel the timer",
    sides: [
      ["left", "right"],
      ["up", "down"],
    ],
  },
  de: {
    again:
      /^(?:(?:bitte|und|ok|okay|mach|mach das|das|tu das) )*(?:noch ?mal|noch ?einmal|noch eine[rns]?|wieder|wiederhol(?:e|en)?(?: das)?)(?: bitte)?$/,
    other:
      /^(?:(?:nein|nee|und|jetzt|bitte|nicht da|ich meinte) )*(?:(?:zur|in die|auf die|die|zu der) )?(?:ander(?:e|en) (?:seite|richtung)|anders ?(?:he)?rum)(?: bitte)?$/,
    cancel:
      /^(?:(?:bitte|ok|nein|doch) )*(?:(?:brich|lösche?|stoppe?|beende|vergiss|entferne?|storniere?|streiche?|nimm) (?:ihn|sie|es|das|den|die|alle)(?: (?:wieder|bitte|doch))*(?: (?:ab|weg|raus|zurück))?|abbrechen|stornieren|löschen|(?:doch )?nicht mehr nötig)(?: bitte)?$/,
    cancelTimer: "lösch den timer",
    sides: [
      ["links", "rechts"],
      ["oben", "unten"],
    ],
  },
  es: {
    again:
      /^(?:(?:por favor|y|hazlo|d[ií]lo|vale|a ver) )*(?:otra vez|una vez m[aá]s|de nuevo|otr[ao](?: m[aá]s)?|rep[ií]telo|repite)(?: por favor)?$/,
    other:
      /^(?:(?:no|y|ahora|por favor) )*(?:(?:al?|hacia|para) )?(?:el |la )?(?:otro lado|otra direcci[oó]n|lado contrario|al rev[eé]s)(?: por favor)?$/,
    cancel:
      /^(?:(?:por favor|no|vale|mejor) )*(?:canc[eé]la(?:lo|la|los)?|b[oó]rra(?:lo|la|los)|qu[ií]ta(?:lo|la|los)|p[aá]ra(?:lo|la)|elim[ií]na(?:lo|la)|olv[ií]da(?:lo|la)|an[uú]la(?:lo|la))(?: por favor)?$/,
    cancelTimer: "cancela el temporizador",
    sides: [
      ["izquierda", "derecha"],
      ["arriba", "abajo"],
    ],
  },
  fr: {
    again:
      /^(?:(?:s'il te plaît|et|ok|allez|fais-le|refais) )*(?:encore(?: une fois| une?)?|une autre(?: fois)?|un autre|de nouveau|à nouveau|refais(?:-le)?(?: ça)?|répète(?: ça)?)(?: s'il te plaît)?$/,
    other:
      /^(?:(?:non|et|maintenant|s'il te plaît) )*(?:(?:de|vers|dans) )?(?:l'autre (?:côté|sens|direction))(?: s'il te plaît)?$/,
    cancel:
      /^(?:(?:s'il te plaît|non|ok|finalement) )*(?:annule(?:-le|-la|-les| ça| le| tout)?|supprime(?:-le|-la| ça)|efface(?:-le|-la| ça)|enlève(?:-le|-la| ça)|arrête(?:-le|-la| ça)|oublie ça|laisse tomber)(?: s'il te plaît)?$/,
    cancelTimer: "annule le minuteur",
    sides: [
      ["gauche", "droite"],
      ["en haut", "en bas"],
    ],
  },
  ja: {
    again:
      /^(?:じゃあ|お願い|ねえ)?(?:もう(?:一|1|１)(?:回|度|つ)|もういっかい|もういちど|また(?:やって)?|繰り返して|くりかえして|別の(?:は|も)?)(?:お願い|やって|して|言って|ください|して ください)*$/,
    other:
      /^(?:いや|違う|じゃあ|今度は)? ?(?:反対|逆)(?:側|方向|がわ)?(?:を|に|も|は|へ|の方)?(?:お願い|見て|みて|向いて)*$/,
    cancel:
      /^(?:やっぱり ?)?(?:それ|これ|全部)?(?:を|は)?(?:キャンセル|取り消し|取り消して|消して|止めて|やめて|削除)(?:して)?(?:お願い|ください)?$/,
    cancelTimer: "タイマーをキャンセル",
    sides: [
      ["左", "右"],
      ["上", "下"],
    ],
  },
} satisfies Record<string, SafeLanguage["followUps"]>;
