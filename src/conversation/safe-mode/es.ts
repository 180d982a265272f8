/** Spanish: what is understood. */
import { FOLLOW_UPS } from "./follow-up-words.js";
import type { SafeLanguage } from "./language.js";
import { ES_PHRASES } from "./es-phrases.js";
import { ES_NUMBERS } from "./number-words.js";
import { ES_SMALL_TALK } from "./small-talk.js";
import { ES_SPELLINGS } from "./spellings.js";

export const ES: SafeLanguage = {
  code: "es",
  spelled: ES_SPELLINGS,
  smallTalk: ES_SMALL_TALK,
  intents: [
    [
      "timer",
      /temporizador|alarma|despi[eé]rtame|av[ií]same|recu[eé]rdame (?:que|en|a|mañana)|recu[eé]rdame .*a las?\b|(?:av[ií]sa|despi[eé]rta|recu[eé]rda|lev[aá]nta)\S* .*(?:en|dentro de|a las?) (?:\S+ ){0,2}?(?:segundos?|minutos?|horas?|d[ií]as?)|recordatorio|cron[oó]metro|cuenta atr[aá]s/,
    ],
    [
      "volume",
      /volumen|m[aá]s (?:alto|bajo|bajito|fuerte)$|habl(?:a|e|ar) m[aá]s (?:alto|baj|fuerte|suave)|(?:^|(?:hablas|est[aá]s|suenas|es|eso|tu voz) (?:\S+ ){0,3})demasiado (?:alto|bajo|fuerte)|(?:b[aá]ja|s[uú]be)(?:le|lo)? (?:\S+ ){0,3}(?:sonido|voz|poco)$|no (?:hables )?tan (?:alto|fuerte|bajo)|no te (?:oigo|escucho)/,
    ],
    ["stare", /(?:deja|para) de mirarme|no me mires|me mires m[aá]s/],
    [
      "hold",
      /qu[eé]date (?:as[ií]|ah[ií])|no te (?:muevas|menees)|quiet[oa]|(?:deja|para) de moverte|sin moverte/,
    ],
    [
      "nod",
      /asient[ea]s?|asentir|(?:di|dec\S+|haz|hacer) (?:que )?s[ií] con la cabeza|mueve la cabeza diciendo s[ií]/,
    ],
    [
      "shake",
      /niega|sacude la cabeza|menea la cabeza|(?:di|dec\S+|haz|hacer) (?:que )?no con la cabeza|mueve la cabeza de lado/,
    ],
    ["dance", /bail[ae]|celebra|(?:vamos|hora) de fiesta|^fiesta|hurra|viva|hemos ganado|ganamos/],
    [
      "center",
      /(?:m[ií]rame|(?:mira|gira|vuelve|ven)\b.*(?:a m[ií]|hacia m[ií]|al frente|de frente|adelante|recto|al centro|aqu[ií]|hacia aqu[ií]))/,
    ],
    [
      "turn",
      /(?:mir[ae]s?|gir[ae]s?|vuelve|mueve|mov[eé]r?|inclina|volte[ae]|cabeza|vista|mires|gires)\b.*(?:izquierda|derecha|arriba|abajo|techo|suelo|mesa|alrededor)|^(?:a la )?(?:izquierda|derecha)$|^(?:arriba|abajo)$/,
    ],
    [
      "tour",
      /(?:ens[eé][nñ]a|muestra|muéstra)(?:me|nos) (?:lo que|qu[eé]) (?:sabes|puedes) hacer|hazme un recorrido/,
    ],
    [
      "gesture",
      /mueve la cabeza|mu[eé]vete|haz (?:algo|un truco|un gesto)|saluda con|gui[nñ]a|menea/,
    ],
    [
      "walk",
      /ven (?:aqu[ií]|ac[aá])|camina|s[ií]gueme|tr[aá]eme|dame|hazme un|limpia|salta|vuela|(?:abr|cierr?)\S* la (?:puerta|ventana)|cocina|barre|corre\b/,
    ],
    [
      "math",
      /\d\s*(?:[-+*x×/÷]|m[aá]s|menos|por|entre|dividido (?:por|entre))\s*\d|sum(?:a|an|o|amos) .* (?:y|a|m[aá]s|con) |cu[aá]nto (?:es|son) .*(?:m[aá]s|menos|por|entre)|la mitad de|el doble de|por ciento de|ra[ií]z/,
    ],
    [
      "day",
      /(?:qu[eé]|cu[aá]l).*(?:d[ií]a|fecha|es|fue|ser[aá]).*(?:pasado mañana|mañana|anteayer|antes de ayer|ayer|en \S+ (?:d[ií]as?|semanas?)|dentro de \S+ (?:d[ií]as?|semanas?))|(?:hoy|mañana) es (?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)|es fin de semana/,
    ],
    [
      "date",
      /qu[eé] (?:d[ií]a|fecha|mes|año)(?! eres)|a cu[aá]nto estamos|la fecha|en qu[eé] (?:año|mes|d[ií]a)|cu[aá]l es la fecha/,
    ],
    [
      "time",
      /qu[eé] horas? (?:es|son|tienes)|la hora\b|qu[eé] hora|(?:tienes|llevas|sabes|dime) (?:la )?hora/,
    ],
    [
      "weather",
      /tiempo (?:hace|har[aá]|hoy|mañana)|llueve|llover|lluvia|nieva|nieve|soleado|temperatura|paraguas|hace (?:fr[ií]o|calor)|pron[oó]stico/,
    ],
    [
      "news",
      /noticias|titulares|bolsa|qui[eé]n gan[oó]|elecciones|presidente|(?:en|por) el mundo|alguna novedad/,
    ],
    [
      "music",
      /m[uú]sica|canci[oó]n|canta|pon (?:algo de|una|la)? ?(?:m[uú]sica|canci[oó]n|radio)|radio|spotify|p[oó]dcast|v[ií]deo|pel[ií]cula/,
    ],
    [
      "home",
      /\bluz|luces|l[aá]mpara|calefacci[oó]n|televisi[oó]n|\btele\b|persiana|enciende|apaga|aspiradora|cafetera|ventilador|aire acondicionado|horno/,
    ],
    [
      "call",
      /llama a|tel[eé]fono|escr[ií]be(?:le)? (?:a|un)|env[ií]a|correo|mensaje|p[ií]de(?:me)? una?|(?<!a )compra|calendario|cita|lista de la compra/,
    ],
    ["translate", /traduce|c[oó]mo se dice|qu[eé] significa/],
    ["story", /cuento|historia|poema|adivinanza|juego|jugar|juguemos|l[eé]eme/],
    ["joke", /chiste|broma|hazme re[ií]r|algo gracioso|algo divertido|otro m[aá]s/],
    [
      "recall",
      /(?:c[oó]mo|qu[eé]|qui[eé]n|d[oó]nde|cu[aá]ndo|cu[aá]l).*\bmis? (?!nombre)\S+|(?:recuerdas|sabes|te acuerdas) .*\bmis? (?!nombre)\S+|qu[eé] me gusta|d[oó]nde (?:vivo|trabajo)|qu[eé] te (?:dije|he dicho|cont[eé])/,
    ],
    [
      "me",
      /qui[eé]n soy|c[oó]mo me llamo|mi nombre\b|me (?:conoces|recuerdas|reconoces)|te acuerdas de m[ií]|qu[eé] sabes (?:de|sobre) m[ií]|cu[aá]l es mi nombre/,
    ],
    [
      "name",
      /c[oó]mo te (?:llamas|llaman|dicen|digo|nombro)|c[oó]mo (?:debo |puedo |tengo que )?llamarte|tu nombre|tienes (?:un )?nombre|cu[aá]l es tu nombre|c[oó]mo (?:puedo|debo) llamarte|te llamas/,
    ],
    [
      "age",
      /cu[aá]ntos años tienes|de qu[eé] año eres|cu[aá]ndo te (?:hicieron|crearon|construyeron)|tu edad|qu[eé] edad|cu[aá]ndo naciste|tu cumpleaños|cu[aá]ndo (?:cumples|fuiste creado)/,
    ],
    [
      "maker",
      /qui[eé]n te (?:hizo|cre[oó]|construy[oó]|program[oó]|invent[oó]|fabric[oó]|(?:ha|han) (?:hecho|creado|construido|programado|inventado|fabricado))|de d[oó]nde (?:eres|vienes)|por qui[eé]n fuiste|qui[eé]n (?:est[aá] detr[aá]s|te trajo)|(?:obra|creaci[oó]n) de qui[eé]n|de qui[eé]n eres|tu (?:creador|dueño|padre|jefe)|de qu[eé] est[aá]s hecho/,
    ],
    [
      "languages",
      /(?:hablas|entiendes|sabes) .*(?:español|ingl[eé]s|franc[eé]s|alem[aá]n|japon[eé]s|idiomas?)|hablas (?:español|ingl[eé]s|franc[eé]s|alem[aá]n|japon[eé]s)|qu[eé] idiomas|cu[aá]ntos idiomas/,
    ],
    [
      "alive",
      /(?:eres|est[aá]s) (?:vivo|real|humano|una? (?:\S+ )?(?:robot|m[aá]quina|persona|humano|ia|inteligencia|ordenador|computadora|juguete|chico|chica)|consciente|chatgpt|alexa)|inteligencia artificial|tienes (?:sentimientos|alma|cerebro|coraz[oó]n|emociones)|(?:piensas|sueñas|duermes|sientes|comes)\b/,
    ],
    [
      "alone",
      /est[aá]s (?:solo|sola)|me (?:echaste|has echado|echas) de menos|me extrañaste|qu[eé] (?:has hecho|hiciste|est[aá]s haciendo|haces)|cu[aá]nto tiempo|desde cu[aá]ndo/,
    ],
    ["bored", /est[aá]s aburrid|te aburres/],
    [
      "want",
      /qu[eé] (?:quieres|necesitas|deseas|te gusta)|necesitas algo|te gusta|tu .*favorit|tienes (?:hambre|sed|sueño)|est[aá]s cansad/,
    ],
    [
      "can",
      /qu[eé] (?:\S+ )?(?:puedes|sabes) hacer|(?:para|por) qu[eé] (?:sirves|est[aá]s aqu[ií]|vales)|en qu[eé] (?:me )?(?:puedes |ayudas|eres buen)|qu[eé] (?:trucos|cosas) (?:sabes|puedes|haces)|c[oó]mo (?:te uso|se usa|se te usa)|cu[aá]l es tu funci[oó]n|^ayuda$|^ay[uú]dame$|me (?:puedes )?ayudas?|qu[eé] puedo (?:decir|preguntar|hacer)|comandos|qu[eé] sabes|c[oó]mo funcionas|tus (?:funciones|habilidades)|eres (?:listo|inteligente)|modelo de lenguaje|por qu[eé] (?:no )?(?:puedes|eres)/,
    ],
    ["where", /d[oó]nde (?:est[aá]s|estamos|vives)/],
    [
      "see",
      /qu[eé] ves|(?:puedes )?verme|me ves|ves (?:algo|a alguien)|estoy solo aqu[ií]|alguien (?:m[aá]s )?(?:aqu[ií]|ah[ií]|en|delante|conmigo)|qui[eé]n (?:est[aá]|hay|es ese)|hay alguien|cu[aá]nt[ao]s? (?:personas|caras|gente|somos|hay aqu[ií])|qu[eé] llevo|c[oó]mo me veo|mira alrededor|tu c[aá]mara|me est[aá]s (?:mirando|viendo)/,
    ],
    [
      "hear",
      /me (?:oyes|escuchas|oye|escucha|entiendes)|puedes o[ií]rme|est[aá]s (?:ah[ií]|despierto|encendido|escuchando|activo|prendido)|funciona esto|^prueba|probando|despierta|funcionas/,
    ],
    [
      "sad",
      /(?:estoy|ando|me siento|me encuentro) (?:hoy |muy |tan |un poco |bastante )*(?:triste|deprimid\w|mal|fatal|hundid\w|estresad\w|desanimad\w)|mal d[ií]a|d[ií]a (?:malo|horrible|terrible|duro)|ha muerto|muri[oó]|falleci[oó]|ha fallecido|me (?:ha|han) (?:dejado|despedido|echado)|me (?:dej[oó]|despidieron|echaron)|he suspendido|mala racha|quiero llorar|he perdido/,
    ],
    [
      "tired",
      /(?:estoy|ando|vengo|me siento) (?:hoy |muy |tan |un poco |bastante )*(?:cansad\w|agotad\w|molid\w|rendid\w|reventad\w|hech\w polvo)|tengo (?:mucho )?sueño|muert\w de (?:sueño|cansancio)|no puedo dormir|necesito (?:dormir|un descanso|descansar)/,
    ],
    [
      "angry",
      /(?:estoy|ando|me siento) (?:hoy |muy |tan |un poco |bastante )*(?:enfadad\w|enojad\w|furios\w|frustrad\w|molest\w|hart\w|cabread\w)|me da rabia|(?:discutido|peleado|pele[eé]|discut[ií]) con/,
    ],
    [
      "afraid",
      /tengo (?:mucho )?miedo|(?:estoy|me siento) (?:hoy |muy |tan |un poco |bastante )*(?:nervios\w|asustad\w|preocupad\w|ansios\w|de los nervios|con miedo)/,
    ],
    [
      "sick",
      /(?:estoy|me siento) (?:hoy |muy |un poco )*(?:enferm\w|resfriad\w)|me duelen?|mare(?:ad\w|o)\b|tengo (?:fiebre|gripe|un resfriado|dolor)/,
    ],
    [
      "lonely",
      /(?:estoy|me siento) (?:hoy |muy |tan |un poco )*(?:sol[oa])\b|nadie me (?:quiere|habla)|no tengo amigos/,
    ],
    [
      "dull",
      /(?:estoy|me) (?:hoy |muy |un poco )*(?:aburrid\w|aburro)|qu[eé] aburrimiento|entret[eé]nme|divi[eé]rteme/,
    ],
    [
      "happy",
      /(?:estoy|soy|me siento) (?:hoy |muy |tan |bastante )*(?:feliz|content\w|alegre|emocionad\w|orgullos\w|bien|genial|enamorad\w)|buenas noticias|he (?:\S+ )?(?:aprobado|ganado|conseguido|logrado)|me (?:han|he) (?:ascendido|contratado|casado|dado el)|(?:aprob[eé]|gan[eé]|consegu[ií]|logr[eé])\b|(?:es |hoy )?mi cumpleaños|me ha tocado|qu[eé] buen d[ií]a/,
    ],
    [
      "love",
      /te (?:quiero|amo|adoro|extraño|echo de menos)|me (?:quieres|amas)|c[aá]sate|somos amigos|mi amigo|me (?:caes|gustas)/,
    ],
    [
      "how",
      /c[oó]mo (?:est[aá]s?|te (?:va|sientes|encuentras)|va(?: todo)?|andas)|qu[eé] (?:tal|onda|hubo|hay de nuevo|cuentas|te cuentas|m[aá]s)|quiubo|todo bien|est[aá]s (?:bien|feliz|triste|contento)|qu[eé] pasa|tu d[ií]a/,
    ],
    [
      "who",
      /qui[eé]n (?:eres|habla|es usted)|(?:con|a) qui[eé]n (?:hablo|estoy hablando|tengo)|qu[eé] eres|qu[eé] (?:clase|tipo) de \S+ eres|h[aá]blame de ti|pres[eé]ntate|cu[eé]ntame (?:algo )?(?:de|sobre) ti/,
    ],
    [
      "insult",
      /tont[oa]|est[uú]pid|idiota|c[aá]llate la boca|in[uú]til|fe[oa]\b|te odio|pesado|mal robot|torpe/,
    ],
    [
      "praise",
      /bien hecho|muy bien|qu[eé] (?:mon[oa]|lind[oa]|guap[oa]|list[oa]) eres|buen (?:trabajo|robot|chico)|eres (?:hoy |muy |tan |el |la )*(?:simp[aá]tic\w|mon[oa]|divertid\w|genial|mejor|list[oa]|gracios\w|lind[oa]|amable|guap[oa]|incre[ií]ble)|\bbravo|estupendo|fant[aá]stico|excelente|buen[ií]simo/,
    ],
    ["thanks", /gracias|te lo agradezco/],
    ["sorry", /perd[oó]n|lo siento|disculpa/],
    [
      "bye",
      /adi[oó]s|hasta (?:luego|mañana|pronto|la vista|ahora)|buenas noches|me (?:voy|tengo que ir|marcho)|nos vemos|chao|que descanses|tengo que irme/,
    ],
    [
      "greeting",
      /\b(?:hol[aio]+s?|aló|alo|epa|ey)\b|buenos d[ií]as|buenas (?:tardes)?|\bbuenas\b|\bhey\b|saludos|ya (?:estoy|he) (?:aqu[ií]|vuelto|de vuelta)|he vuelto|estoy en casa|encantad|mucho gusto|bienvenid/,
    ],
    [
      "search",
      /busca|google|internet|wikipedia|capital de|cu[aá]nto(?:s|as)? (?:mide|cuesta|hay|pesa)|qui[eé]n (?:fue|es|invent[oó])|qu[eé] es (?:un|una|el|la)|cu[aá]nt[oa]s? (?:\S+ )?(?:tiene|hay|viven)|d[oó]nde (?:queda|est[aá] [^s])|por qu[eé] (?:es|el|la)|explica|receta/,
    ],
    [
      "yes",
      /^(?:s[ií]|claro|vale|ok|de acuerdo|por supuesto|exacto|bueno|perfecto|genial)(?: (?:por favor|buddy|claro))*$/,
    ],
    [
      "no",
      /^(?:no|nada|no gracias|d[eé]jalo|da igual|olv[ií]dalo|mejor no)(?: (?:gracias|buddy))*$/,
    ],
  ],
  negation: /(?:^|[\s¡¿,])(?:no|nunca|deja de|sin)\b(?! con la cabeza)/,
  question:
    /^(?:¿|(?:[ay] |con |de |para |en )?qu[eé]\b|(?:con |de |a )?qui[eé]n|c[oó]mo|d[oó]nde|cu[aá]ndo|cu[aá]l|cu[aá]nt|por qu[eé]|puedes|sabes|eres|est[aá]s|tienes|hay)/,
  directions: [
    ["left", /izquierda/],
    ["right", /derecha/],
    ["up", /arriba|techo/],
    ["down", /abajo|suelo|mesa/],
  ],
  numbers: [[/\buna vez\b/, 1], ...ES_NUMBERS],
  days: [
    [/pasado mañana/, 2],
    [/anteayer|antes de ayer/, -2],
    [/mañana/, 1],
    [/\bayer\b/, -1],
    [/pr[oó]xima semana/, 7],
  ],
  inDays: /\b(?:en|dentro de) (\S+) (d[ií]as?|semanas?)/,
  sums: [
    [/\bsum(?:a|an|amos) (\S+) (?:y|a|con) (\S+)/g, "$1 + $2"],
    [/(?<=\s)m[aá]s(?=\s)/g, "+"],
    [/\bmenos\b/g, "-"],
    [/\bmultiplicado por\b|\bpor\b/g, "*"],
    [/\bdividido (?:por|entre)\b|\bentre\b/g, "/"],
    [/\bla mitad de\b/g, "0.5*"],
    [/\bel doble de\b/g, "2*"],
    [/\bpor ciento de\b/g, "*0.01*"],
  ],
  topics: [
    /\bmis? ([\p{L} -]+?)(?: (?:se llaman?|es|est[aá]|vive))*$/u,
    /\b(me gusta|vivo|trabajo)\b/,
    /te (?:dije|cont[eé]) (?:de|sobre) (?:mi )?(\p{L}+)/u,
  ],
  timers: {
    list: /(?:qu[eé]|cu[aá]l(?:es)?|cu[aá]nt[oa]s?|hay|tengo|lista|muestra).*(?:temporizador|alarma|recordatorio|queda)/i,
    cancel:
      /(?:cancela|para|borra|quita|elimina|apaga|olvida|det[eé]n).*(?:temporizador|alarma|recordatorio|cuenta atr[aá]s)|(?:temporizador|alarma|recordatorio).*(?:cancel|b[oó]rra|qu[ií]ta|elim[ií]na)/i,
    all: /\btod[oa]s|temporizadores|alarmas|recordatorios/i,
    halves: [
      [/(\S+) minutos? y medio\b/gi, "$1 minutos y 30 segundos"],
      [/((?:en|de|dentro de) (?!una\b)\S+) horas y media\b/gi, "$1 horas y 30 minutos"],
    ],
    spans: [
      [/\b(?:en |dentro de )?(?:una )?hora y media/i, 5_400_000],
      [/\b(?:en |dentro de |de )?media hora/i, 1_800_000],
      [/\b(?:en |dentro de |de )?(?:un )?cuarto de hora/i, 900_000],
    ],
    units: [
      [/\b(?:en |dentro de |de |y )?(\d+|[a-záéíóú]+) ?segundos?\b/gi, 1000],
      [/\b(?:en |dentro de |de |y )?(\d+|[a-záéíóú]+) ?minutos?\b/gi, 60_000],
      [/\b(?:en |dentro de |de |y )?(\d+|[a-záéíóú]+(?= )) ?horas?\b/gi, 3_600_000],
      [/\b(?:en |dentro de |y )?(\d+|[a-záéíóú]+) ?d[ií]as?\b/gi, 86_400_000],
    ],
    at: /\b(?:a|para) las? (?<h>\d{1,2}|[a-záéíóú]+)(?:[:.](?<m>\d{2}))?(?: y (?<past>media|cuarto|cinco|diez|quince|veinte|veinticinco)\b| menos (?<to>cuarto|cinco|diez|veinte|veinticinco)\b)?(?:(?<am> de la mañana)|(?<pm> de la (?:tarde|noche)))?/i,
    isTwelveHours: true,
    about: [/(?:recu[eé]rdame|av[ií]same)(?: de)?(?: que)?,?\s*(.+)$/i],
    inWords: "en {in}",
    atWords: "a las {at}",
  },
  followUps: FOLLOW_UPS.es,
  quiet: {
    elsewhere:
      /^(?!.*(?:m[aá]s (?:alto|bajo|fuerte)|volumen|tu voz|hablas|habla|suenas|est[aá]s)).*(?:al lado|fuera|afuera|vecin|la calle|arriba|abajo|fiesta|la m[uú]sica|la tele)/,
    begin:
      /^(?:por favor )?(?:\S+ )?(?:c[aá]ll(?:ate|ado|ese)|guard\S* silencio|silencio|no hables|chit[oó]n|shh+|sh|estate callado)(?:$|[^\p{L}])/u,
    over: /^(?:ya )?puedes (?:volver a hablar|hablar(?: otra vez| de nuevo)?)$|^habla (?:otra vez|de nuevo)\b/,
    louder: /m[aá]s (?:alto|fuerte)|demasiado bajo|sube|no te/,
    softer:
      /m[aá]s baj(?:o|ito)|demasiado (?:alto|fuerte)|^b[aá]ja|b[aá]ja(?:le|lo)? |tan (?:alto|fuerte)/,
  },
  ...ES_PHRASES,
};
