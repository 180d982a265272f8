/** French: what is understood. */
import { FOLLOW_UPS } from "./follow-up-words.js";
import type { SafeLanguage } from "./language.js";
import { FR_PHRASES } from "./fr-phrases.js";
import { FR_NUMBERS } from "./number-words.js";
import { FR_SMALL_TALK } from "./small-talk.js";
import { FR_SPELLINGS } from "./spellings.js";

export const FR: SafeLanguage = {
  code: "fr",
  spelled: FR_SPELLINGS,
  smallTalk: FR_SMALL_TALK,
  intents: [
    [
      "timer",
      /minuteur|minuterie|alarme|réveil\b|réveille[- ]moi|rappelle[- ]moi (?:\S+ ){0,8}?(?:d(?:e|ans)|que|à|ce)\b|rappelle[- ]moi$|rappels?\b|chronom|préviens[- ]moi|avertis-moi|(?:avertis|bipe|préviens|fais-moi signe)\S*.*\b(?:dans|d'ici) (?:\S+ ){1,2}?(?:secondes?|minutes?|heures?|jours?)|compte à rebours/,
    ],
    [
      "volume",
      /volume|plus (?:fort|bas|doucement)$|parle (?:plus|moins)|(?:^|\b(?:tu|c'est|t'es|ça|ta voix) ?(?:\S+ ){0,3})trop (?:fort|bas)\b|moins fort|(?:monte|baisse|augmente|diminue)\S* (?:un peu )?(?:le (?:son|volume)|la voix)|(?:monte|baisse) le son|je ne t'entends pas|je t'entends (?:mal|à peine)/,
    ],
    [
      "stare",
      /arrête de me (?:regarder|fixer|suivre)|ne me (?:regarde|fixe) p(?:as|lus)|me (?:regarde|fixe) pas comme ça/,
    ],
    [
      "hold",
      /ne bouge (?:pas|plus)|bouge pas|reste (?:immobile|tranquille)|arrête de bouger|tiens-toi tranquille|(?:reste|rester) (?:là|comme ça|sans bouger)|pas que tu bouges|sans bouger/,
    ],
    ["nod", /hoch(?:e|er)\b|oui (?:de|avec) la tête|acquiesce|opine/],
    ["shake", /secou(?:e|er)\b|non (?:de|avec) la tête/],
    ["dance", /dans(?:e|er)\b|célèbre|(?:fais|faisons) la fête|^la fête|hourra|youpi|on a gagné/],
    [
      "center",
      /\b(?:regarde|tourne|viens|reviens|tourne-toi)\b.*(?:moi\b|vers moi|devant|tout droit|au centre|au milieu|par ici|ici\b)|regarde-moi/,
    ],
    [
      "turn",
      /(?:regarde|tourne|bouge|penche|incline|lève|baisse|tête|pivote)\S*\b.*(?:gauche|droite|haut|bas|plafond|sol|table|autour|yeux|tête)|^(?:à )?(?:gauche|droite)$|^en (?:haut|bas)$/,
    ],
    [
      "tour",
      /montre(?:[ -](?:moi|nous))? (?:tout )?ce que tu sais faire|fais(?:[ -](?:moi|nous))? (?:une démonstration|une démo|une visite)/,
    ],
    [
      "gesture",
      /bouge(?: la tête)?$|fais (?:quelque chose|un (?:tour|geste|truc|numéro))|salue|cligne|gigote|remue la tête/,
    ],
    [
      "walk",
      /viens (?:là|voir)|marche|suis-moi|apporte|donne-moi|fais-moi (?:un|du)|nettoie|saute|vole\b|(?:ouvr|ferm)\S* la (?:porte|fenêtre)|cuisine|fais la vaisselle|cours\b/,
    ],
    [
      "math",
      /\d\s*(?:[-+*x×/÷]|plus|moins|fois|divisé par)\s*\d|(?:combien (?:ça )?(?:font|fait)|(?:font|fait) combien) .*(?:plus|moins|fois|divisé)|la moitié de|le (?:double|tiers|quart) de|pour ?cent de|racine/,
    ],
    [
      "day",
      /(?:quel|quelle|on est|c'est|ce sera|c'était|qu'est-ce).*(?:après-demain|demain|avant-hier|hier|dans \S+ (?:jours?|semaines?))|(?:on est|c'est|est-ce|sommes-nous) (?:déjà )?(?:un |le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week-end)/,
    ],
    [
      "date",
      /quel(?:le)? (?:jour|date|mois|année)|la date|on est le combien|en quelle année|quel jour|le combien/,
    ],
    ["time", /quelle heure|l'heure\b|heure est-il|il est quelle|t'as l'heure/],
    [
      "weather",
      /météo|temps (?:fait-il|fera|qu'il fait|fait)|pleut|pluie|neige|soleil|température|parapluie|(?:fait|faire|fera) (?:très )?(?:froid|chaud|beau|mauvais)/,
    ],
    [
      "news",
      /nouvelles|actualités?|les infos|informations|bourse|qui a gagné|élection|président|premier ministre|dans le monde/,
    ],
    ["music", /musique|chanson|chante|joue (?:de|une|un|la)|radio|spotify|podcast|vidéo|\bfilm/],
    [
      "home",
      /lumière|lampe|chauffage|télé|volets?|rideaux?|allume|éteins|aspirateur|cafetière|ventilateur|climatisation|\bclim\b|radiateur|\bfour\b/,
    ],
    [
      "call",
      /(?<![smt]')appelle (?!-?moi)|téléphone|envoie|e-?mail|un message|commande|achète|agenda|calendrier|rendez-vous|liste de courses/,
    ],
    ["translate", /tradui|comment (?:dit-on|on dit|dire)|que (?:veut dire|signifie)|que veut dire/],
    ["story", /histoire|\bconte\b|poème|devinette|jeu\b|jouer|joue avec|lis-moi/],
    ["joke", /blague|fais-moi rire|quelque chose de drôle|une autre/],
    [
      "recall",
      /(?:comment|que|quoi|quel\w*|qui|où|quand|c'est quoi).*\bm(?:on|a|es) (?!nom\b|prénom\b)\S+|(?:te souviens|sais-tu|tu sais|connais) .*\bm(?:on|a|es) (?!nom\b|prénom\b)\S+|qu'est-ce que j'aime|où (?:est-ce que )?j'habite|où est-ce que je travaille|qu'est-ce que je t'ai dit|que t'ai-je dit/,
    ],
    [
      "me",
      /qui suis-je|qui je suis|comment je m'appelle|mon (?:pré)?nom\b|tu (?:me connais|te souviens de moi|me reconnais)|(?:te souviens-tu|souviens-tu) de moi|me connais-tu|que sais-tu (?:de|sur) moi|tu sais quoi (?:de|sur) moi/,
    ],
    [
      "name",
      /comment (?:tu t'appelles|t'appelles-tu|t'appelle|te nommes-tu)|ton (?:petit |vrai )?(?:pré)?nom|(?:on|je) (?:\S+ ){0,2}t'appel(?:le|er)|tu as un (?:pré)?nom|tu t'appelles comment|comment dois-je t'appeler|c'est quoi ton nom/,
    ],
    [
      "age",
      /quel âge|ton âge|quand (?:es-tu|tu es|as-tu été|tu as été) (?:né|créé|fabriqué)|tu es né|né quand|tu existes depuis|ton anniversaire|tu as quel âge/,
    ],
    [
      "maker",
      /qui (?:est-ce qui )?(?:est derrière|t'a mis)|par qui (?:tu )?(?:as|es)|(?:créé|fabriqué|conçu|inventé|fait) par|à qui (?:tu es|appartiens|tu appartiens)|qui (?:est-ce qui )?t'a (?:conçu|développé|fait|créé|construit|programmé|inventé|fabriqué)|d'où (?:viens-tu|tu viens)|tu viens d'où|ton (?:créateur|propriétaire|père|maître|chef)|en quoi es-tu fait/,
    ],
    [
      "languages",
      /(?:parles-tu|tu parles|comprends-tu|sais-tu parler|tu comprends) .*(?:français|anglais|espagnol|allemand|japonais|langues?)|quelles? langues?|combien de langues/,
    ],
    [
      "alive",
      /(?:es-tu|tu es|t'es) (?:vivant|réel|humain|conscient|un (?:vrai )?(?:robot|humain|garçon)|une (?:\S+ )?(?:machine|personne|ia|intelligence|fille)|un (?:\S+ )?(?:ordinateur|jouet|homme|truc)|chatgpt|alexa)|intelligence artificielle|(?:as-tu|tu as|t'as) (?:des (?:sentiments|émotions)|une âme|un (?:cerveau|cœur))|(?:penses-tu|tu penses|rêves-tu|tu rêves|dors-tu|tu dors|tu ressens|tu manges)/,
    ],
    [
      "alone",
      /(?:es-tu|tu es|te sens-tu) (?:seul|tout seul)|je t'ai manqué|qu'as-tu fait|qu'est-ce que tu (?:as fait|fais)|tu fais quoi|que fais-tu|depuis (?:combien|quand)|combien de temps/,
    ],
    ["bored", /tu t'ennuies|t'ennuies-tu/],
    [
      "want",
      /que veux-tu|qu'est-ce que tu (?:veux|aimes|préfères)|tu (?:veux|as besoin) (?:de )?quelque chose|as-tu besoin|tu aimes|aimes-tu|préféré|tu as (?:faim|soif)|as-tu (?:faim|soif)|(?:es-tu|tu es) fatigué/,
    ],
    [
      "can",
      /que (?:sais-tu|peux-tu) faire|(?:tu sers|ça sert) à quoi|en quoi (?:tu peux|peux-tu|tu es)|tu es (?:doué|bon) (?:en|pour|à)|qu'est-ce que je (?:peux|dois|pourrais)|quels? (?:tours|trucs)|c'est quoi ton (?:rôle|boulot|travail)|à quoi (?:tu sers|sers-tu|ça sert)|qu'est-ce que tu (?:sais|peux) faire|tu (?:sais|peux) faire quoi|^aide$|^aide-moi$|^au secours$|peux-tu m'aider|tu peux m'aider|que puis-je (?:dire|demander)|commandes|que sais-tu|comment (?:fonctionnes-tu|tu fonctionnes|ça marche)|tes (?:fonctions|capacités)|(?:es-tu|tu es) (?:intelligent|malin)|modèle de langage|pourquoi (?:ne )?(?:peux-tu|es-tu)/,
    ],
    ["where", /où (?:es-tu|tu es|sommes-nous|habites-tu|vis-tu)|tu es où|t'es où/],
    [
      "see",
      /que vois-tu|qu'est-ce que tu vois|tu vois quoi|tu me vois|me vois-tu|peux-tu me voir|vois-tu|qui est (?:là|ici)|il y a (?:\S+ )?(?:quelqu'un|du monde|des gens)|quelqu'un (?:d'autre|avec|devant|dans|derrière|ici)|qui (?:il y a|y a-t-il)|je suis (?:seule?|dans le champ) ici|y a-t-il quelqu'un|combien de (?:personnes|visages)|qu'est-ce que je porte|de quoi j'ai l'air|ta caméra|tu me regardes/,
    ],
    [
      "hear",
      /tu (?:m|nous )'?(?:entends|écoutes|reçois)|m'entends-tu|peux-tu m'entendre|tu m'écoutes|(?:es-tu|tu es|t'es) (?:là|réveillé|allumé|en marche|connecté)|ça marche ce|^test|^allô|réveille-toi|tu fonctionnes|tu marches/,
    ],
    [
      "sad",
      /(?:je suis|je me sens|j'suis) (?:aujourd'hui |très |trop |plutôt |assez |si |tellement |un peu |vraiment )*(?:triste|déprimée?|mal\b|abattue?|au bout|effondrée?|débordée?|malheureu\w+|stressée?|à bout|démoralisée?)|mauvaise journée|sale journée|journée (?:difficile|horrible)|(?:ça|je) (?:ne )?vais? pas (?:bien|très bien)|ça ne va pas|ça va pas|est morte?|est décédée?|envie de pleurer|(?:m'a quittée?|(?:de )?me (?:quitter|larguer|virer|licencier)|m'a licenciée?|m'a larguée?|a rompu|virée?)\b|j'ai raté|coup de blues|moral à zéro|j'ai perdu/,
    ],
    [
      "tired",
      /j'en peux plus|je suis morte?\b|plus d'énergie|(?:je suis|je me sens|j'suis) (?:aujourd'hui |très |trop |plutôt |assez |si |tellement |un peu |vraiment )*(?:fatiguée?|épuisée?|crevée?|claquée?|naze|vannée?|mort de fatigue|k\.?o\b|au bout du rouleau|lessivée?)|j'ai sommeil|je n'arrive pas à dormir|besoin (?:de dormir|d'une pause|de repos)/,
    ],
    [
      "angry",
      /(?:je suis|j'suis) (?:aujourd'hui |très |trop |plutôt |assez |si |tellement |un peu |vraiment )*(?:en colère|fâchée?|furieu\w+|énervée?|frustrée?)|ça m'énerve|j'en ai marre|ras le bol|(?:disputée?|engueulée?) avec/,
    ],
    [
      "afraid",
      /j'ai (?:aujourd'hui |très |trop |plutôt |assez |un peu )?peur|(?:je suis|j'suis) (?:aujourd'hui |très |trop |plutôt |assez |un peu |vraiment )*(?:nerveu\w+|inquiet|paniquée?|terrifiée?|inquiète|anxieu\w+|angoissée?|stressée?)/,
    ],
    [
      "sick",
      /(?:je suis|j'suis) (?:aujourd'hui |très |trop |plutôt |assez |un peu )*(?:malade|enrhumée?)|j'ai (?:\S+ )?mal\b|la tête (?:me )?tourne|envie de vomir|j'ai (?:de la fièvre|la grippe|un rhume)/,
    ],
    [
      "lonely",
      /(?:je suis|je me sens) (?:aujourd'hui |très |trop |plutôt |assez |si |tellement |un peu |tout |toute )*seule?\b|personne ne m'aime|pas d'amis/,
    ],
    ["dull", /je m'ennuie|je m'embête|c'est ennuyeux|divertis-moi|occupe-moi|amuse-moi/],
    [
      "happy",
      /(?:je suis|je me sens) (?:aujourd'hui |très |trop |plutôt |assez |si |tellement |vraiment )*(?:heureu\w+|contente?|ravie?|fière?|joyeu\w+|excitée?|amoureu\w+|bien\b)|je vais (?:très )?bien|bonne nouvelle|j'ai (?:\S+ )?(?:réussi|gagné|obtenu|décroché)\b|j'ai (?:\S+ )?eu (?:mon|le) (?:permis|bac|examen|diplôme|poste|job)|je viens d'avoir|on s'est (?:mariés|fiancés)|je me marie|(?:c'est )?mon anniversaire (?:aujourd'hui)?|belle journée|super journée/,
    ],
    [
      "love",
      /je t'(?:aime|adore)|tu m'aimes|m'aimes-tu|épouse-moi|sommes-nous amis|on est amis|mon ami|tu m'as manqué/,
    ],
    [
      "how",
      /comment (?:vas-tu|tu vas|ça va|allez-vous|te sens-tu|tu te sens)|ça va\b|tu vas bien|vas-tu bien|quoi de (?:neuf|beau|bon)|ça (?:gaze|boume|baigne)|la forme|ça dit quoi|quoi de (?:nouveau)|ça roule|(?:es-tu|tu es) (?:content|heureux|triste|de bonne humeur)|ta journée|ton humeur/,
    ],
    [
      "who",
      /qui (?:es-tu|parle|est à l'appareil)|(?:à|avec) qui (?:je parle|ai-je|est-ce que je parle|je suis)|tu es (?:qui|quoi)|quel(?:le)? (?:genre|sorte|type) de|t'es qui|qu'es-tu|que es-tu|parle-moi (?:\S+ ){0,2}de toi|présente-toi|dis-moi qui tu es/,
    ],
    [
      "insult",
      /stupide|idiot|bête\b|nul\b|imbécile|ferme-la|inutile|moche|je te déteste|mauvais robot|débile/,
    ],
    [
      "praise",
      /bien joué|bravo|très bien|bon (?:travail|robot|garçon)|(?:tu es|t'es) (?:aujourd'hui |très |trop |plutôt |assez |si |trop |vraiment |le |la )*(?:gentil|mignon|drôle|génial|super|meilleur|intelligent|cool|beau|adorable|sympa)|excellent|formidable|parfait$/,
    ],
    ["thanks", /merci|je te remercie/],
    ["sorry", /pardon|désolée?|excuse|navrée?/],
    [
      "bye",
      /au revoir|à (?:bientôt|demain|plus|tout à l'heure|plus tard)|bonne nuit|bonne soirée|je (?:m'en vais|pars|dois (?:partir|y aller))|adieu|salut,? à|ciao|dors bien|je vais (?:dormir|me coucher)/,
    ],
    [
      "greeting",
      /bonjour|salut|bonsoir|coucou|\bcc\b|\bbjr\b|\bslt\b|wesh|rebonjour|\bhello|\bhey\b|je suis (?:rentrée?|de retour|là)|enchantée?|ravie? de te|bienvenue/,
    ],
    [
      "search",
      /cherche|google|internet|wikipédia|capitale|combien (?:mesure|coûte|y a-t-il|pèse|de|d')|où (?:se trouve|est) (?:le|la)|c'est qui (?:le|la|l')|qui (?:a|ont) (?:écrit|peint|gagné|découvert)|quand (?:a|est)|qui (?:était|est|a inventé)|qu'est-ce qu'un|c'est quoi (?:un|une|le|la)|pourquoi (?:le|la|les)|explique|recette/,
    ],
    [
      "yes",
      /^(?:oui|ouais|ok|d'accord|bien sûr|exactement|super|parfait|très bien|entendu|carrément)(?: (?:merci|buddy|s'il te plaît))*$/,
    ],
    [
      "no",
      /^(?:non|nan|rien|non merci|laisse tomber|tant pis|pas vraiment|oublie)(?: (?:merci|buddy))*$/,
    ],
  ],
  negation: /\b(?:ne|n'|pas|jamais|arrête de|sans|plus)\b(?! (?:haut|bas|fort))/,
  question:
    /^(?:(?:à|avec|de|par|en|il y a) )?(?:qu'|que\b|qui\b|quoi|comment|où|quand|pourquoi|combien|quel|est-ce|peux-tu|es-tu|as-tu|sais-tu|tu (?:peux|sais|es|as))/,
  directions: [
    ["left", /gauche/],
    ["right", /droite/],
    ["up", /haut\b|plafond|lève/],
    ["down", /bas\b|sol\b|table|baisse/],
  ],
  numbers: [[/\bune (?:seule )?fois\b/, 1], ...FR_NUMBERS],
  days: [
    [/après-demain/, 2],
    [/avant-hier/, -2],
    [/\bdemain\b/, 1],
    [/\bhier\b/, -1],
    [/semaine prochaine/, 7],
  ],
  inDays: /\bdans (\S+) (jours?|semaines?)/,
  sums: [
    [/\bplus\b/g, "+"],
    [/\bmoins\b/g, "-"],
    [/\bfois\b/g, "*"],
    [/\bdivisé par\b/g, "/"],
    [/\bla moitié de\b/g, "0.5*"],
    [/\ble double de\b/g, "2*"],
    [/\bpour ?cent de\b/g, "*0.01*"],
  ],
  topics: [
    /\bm(?:on|a|es) ([\p{L} -]+?)(?: (?:s'appellent?|est|habite))*$/u,
    /\bj'(aime|habite)\b/,
    /t'ai dit (?:de|sur) (?:m(?:on|a|es) )?(\p{L}+)/u,
  ],
  timers: {
    list: /(?:quels?|quelles?|combien|liste|montre|y a-t-il|j'ai).*(?:minuteur|minuterie|alarme|réveil|rappel|reste)/i,
    cancel:
      /(?:annule|arrête|supprime|efface|enlève|éteins|oublie).*(?:minuteur|minuterie|alarme|réveil|rappel|compte à rebours)|(?:minuteur|minuterie|alarme|réveil|rappel).*(?:annul|supprim|efface|enlève|arrête)/i,
    all: /\btou(?:s|tes)|minuteurs|alarmes|rappels/i,
    halves: [
      [/(\S+) minutes? et demie?/gi, "$1 minutes et 30 secondes"],
      [/((?:dans |de )(?!une)\S+) heures et demie/gi, "$1 heures et 30 minutes"],
    ],
    spans: [
      [/\b(?:dans |d')?(?:une )?heure et demie/i, 5_400_000],
      [/\b(?:dans |d')?une demi-heure/i, 1_800_000],
      [/\b(?:dans |d')?un quart d'heure/i, 900_000],
    ],
    units: [
      [/\b(?:dans |de |et )?(\d+|[a-zéèê]+) ?secondes?\b/gi, 1000],
      [/\b(?:dans |de |et )?(\d+|[a-zéèê]+) ?minutes?\b/gi, 60_000],
      [/(?<!\bà )\b(?:dans |de |d')(\d+|[a-zéèê]+) ?heures?\b/gi, 3_600_000],
      [/\b(?:dans |et )?(\d+|[a-zéèê]+) ?jours?\b/gi, 86_400_000],
    ],
    at: /(?:^|\s)(?:à|pour) (?<h>\d{1,2}|[a-zéèê]+) ?h(?:eures?)?(?: ?(?<m>\d{2}))?(?: (?:et )?(?<past>demie?|quart|cinq|dix|quinze|vingt|trente|quarante|cinquante)\b| moins (?:le )?(?<to>quart|cinq|dix|vingt)\b)?(?:(?<am> du matin)|(?<pm> (?:du soir|de l'après-midi)))?/i,
    isTwelveHours: false,
    about: [/(?:rappelle-moi|préviens-moi)(?: de | d'| que | qu'|,? )(.+)$/i],
    inWords: "dans {in}",
    atWords: "à {at}",
  },
  followUps: FOLLOW_UPS.fr,
  quiet: {
    elsewhere:
      /^(?!.*(?:plus (?:bas|fort)|moins fort|volume|ta voix|tu parles|parle)).*(?:à côté|dehors|voisin|la rue|en haut|en bas|la fête|la musique|la télé)/,
    begin:
      /^(?:s'il te plaît )?(?:\S+ )?(?:tais[- ]toi|silence|chut|ne (?:dis|parle) (?:plus|rien)|la ferme|te taire|arrête de parler|plus un mot|du calme)(?:$|[^\p{L}])/u,
    over: /^tu peux (?:de nouveau |à nouveau |re)?parler(?: à nouveau| de nouveau)?$|^parle (?:de nouveau|à nouveau)$/,
    louder:
      /plus fort|trop (?:bas|doucement)|mont[ez]|augmente|ne t'entends|entends (?:mal|à peine)/,
    softer: /plus (?:bas|doucement)|trop fort|baisse|diminue|moins fort/,
  },
  ...FR_PHRASES,
};
