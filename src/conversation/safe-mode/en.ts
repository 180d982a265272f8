/** English: what is understood. */
import { FOLLOW_UPS } from "./follow-up-words.js";
import type { SafeLanguage } from "./language.js";
import { EN_PHRASES } from "./en-phrases.js";
import { EN_HALVES, EN_NUMBERS } from "./number-words.js";
import { EN_SMALL_TALK } from "./small-talk.js";
import { EN_SPELLINGS } from "./spellings.js";

export const EN: SafeLanguage = {
  code: "en",
  spelled: EN_SPELLINGS,
  smallTalk: EN_SMALL_TALK,
  intents: [
    [
      "timer",
      /\b(?:timers?|alarms?|stopwatch|remind me|reminders?|wake me|countdowns?|let me know in|tell me in \d+|set an? [\w -]*(?:minute|second|hour)s?)\b|\b(?:(?:ping|nudge|buzz|poke|warn|wake) me|give me (?:a|another) (?:shout|nudge|ping|buzz|poke|signal|sign|heads up|call)|let me know|get me up)\b.*\b(?:in|after|when|at) (?:\w+[ -])*(?:seconds?|minutes?|mins?|hours?|days?)\b|\btell me when (?:\w+[ -])+(?:seconds?|minutes?|mins?|hours?) (?:are|is|have)\b|\bget me up at\b/,
    ],
    [
      "volume",
      /\b(?:volume|louder|quieter|softer|speak up|turn (?:it|yourself|(?:your|the) (?:volume|voice|sound|speakers?)) (?:up|down)|turn (?:up|down) (?:your|the) (?:volume|voice|sound|speakers?)|lower your voice|(?:speak|talk) (?:more )?(?:loudly|quietly|softly|up)|can(?:not|'t) (?:hardly |barely |really )?hear you)\b|\b(?:hardly|barely) hear you\b|(?:^|\b(?:you|you're|that|that's|it|it's|this is|your (?:voice|volume|sound)) (?:(?:are|is|was|a|bit|little|much|way|far|talking|speaking|still|just) )*)too (?:loud|quiet|low|soft)(?:ly)?\b/,
    ],
    [
      "stare",
      /\b(?:stop|quit|don'?t|do not) (?:(?:look|star|gaz)(?:e|ing)? at|watch(?:ing)?|follow(?:ing)?) me\b/,
    ],
    [
      "hold",
      /\b(?:(?:hold|stay|sit|keep|stand|be) (?:still|put)|(?:don't|do not|not|never) (?:want you to |have to |need to )?move|freeze|(?:stop|quit) (?:moving|fidgeting|wiggling))\b|\bwant you to (?:stay|keep|hold) still\b/,
    ],
    ["nod", /\bnod\b|\bnodding\b|\b(?:say|show|do|go) (?:me )?(?:a )?yes with (?:your|the) head\b/],
    [
      "shake",
      /\bshake (?:your|the) head\b|\bshake\b(?! hands)|\b(?:say|show|do) (?:me )?(?:a )?no (?:with|by) \S* ?(?:your|the) head\b|\bhead ?shake\b/,
    ],
    [
      "dance",
      /\b(?:dance|dancing|celebrate|let's party|party time|hooray|hurray|we won|cheer|bust a move|boogie|groove)\b/,
    ],
    [
      "center",
      /\bface me\b|\beyes (?:on me|front|forward)\b|\b(?:look|looking|turn|face|come|focus)\b.*\b(?:at me|on me|this way|ahead|straight|forwards?|center|centre|here|to me|back to (?:the )?(?:middle|front))\b|\bcenter yourself\b/,
    ],
    [
      "turn",
      /^(?!.*\bturn (?:(?:up|down) )?(?:the|my|that) (?!head|face|eyes))(?!.*\b(?:he|she|they|who|it) turn).*\b(?:look|turn|face|rotate|move|swivel|glance|tilt|point|head|peek)\b.*\b(?:left|right|up|down|upwards?|downwards?|ceiling|floor|desk|table|around)\b|^(?:left|right|up|down)$/,
    ],
    [
      "tour",
      /\b(?:show me (?:around|what you can do)|give (?:me|us) a tour|(?:do|start|make) (?:the|a) tour|take me on a tour)\b/,
    ],
    [
      "gesture",
      /\b(?:move your head|do something|show me a trick|do a trick|wave|blink|wiggle|wobble|(?:tilt|cock) (?:your|the) head)\b/,
    ],
    [
      "walk",
      /\b(?:come (?:here|over)|walk|follow me|bring me|fetch|make me|get me|clean|jump|drive|fly|open the (?:door|window))\b/,
    ],
    [
      "math",
      /\d\s*(?:[-+*x×/÷]|plus|minus|times|divided by|multiplied by)\s*\d|\b(?:add|sum) .*\d.* (?:and|to) .*\d|\b(?:plus|minus|times|divided by|multiplied by|square root|percent of|half of|double)\b/,
    ],
    [
      "day",
      /\b(?:what|which) (?:week)?(?:day|date)\b.*\b(?:tomorrow|yesterday|in (?:\w+) (?:days?|weeks?)|after tomorrow|before yesterday|days? ago)\b|\b(?:tomorrow|yesterday)'?s? (?:date|day)\b|\bwhat (?:is|was|will be|'s)? ?(?:tomorrow|yesterday)\b|\bis (?:today|tomorrow|it) (?:a )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:is it|are we on) (?:the )?weekend\b/,
    ],
    [
      "date",
      /\bwhat(?:'s| is)? (?:the |today's )?(?:date|day|month|year)\b|\b(?:what|which) weekday\b|\bwhich (?:day|month|year|date)\b|\btoday'?s date\b|\bwhat (?:day|date|year|month)\b|\bwhat is today\b/,
    ],
    [
      "time",
      /\b(?:what(?:'s| is)? (?:the )?time|the time\b(?! of)|what(?:'s)? the hour|how late is it|what time|o'clock is it|got the time)\b/,
    ],
    [
      "weather",
      /\b(?:weather|rain(?:ing|y)?|snow(?:ing)?|sunny|forecast|temperature|umbrella|(?:cold|warm|hot) (?:outside|today))\b/,
    ],
    [
      "news",
      /\b(?:news(?!paper)|headlines|stocks?|scores?|who won|election|president|prime minister|(?:happening|going on|new) in the world)\b/,
    ],
    [
      "music",
      /\b(?:music|song|sing|play (?:a|some|me|the)|radio|spotify|podcast|video|movie|youtube)\b/,
    ],
    [
      "home",
      /\b(?:lights?|lamp|heating|thermostat|tv|television|blinds?|curtains?|switch (?:on|off)|turn (?:on|off)|(?:switch|turn|put) (?:(?:up|down) )?(?:the|my|that|this) (?!head|volume|sound).*\b(?:on|off|up|down)|turn (?:up|down) the (?!volume|sound)|vacuum|coffee machine|(?:the|my) fan|radiator|air ?con(?:ditioning)?|oven|kettle)\b/,
    ],
    [
      "call",
      /\b(?:call (?!me\b|you\b)|phone|text (?:my|mum|mom|dad)|e-?mail|send (?:a )?message|order (?:a|me|some)|buy|calendar|appointment|shopping list|to-?do)\b/,
    ],
    ["translate", /\btranslate\b|\bhow do (?:you|i) say\b|\bwhat does .* mean\b/],
    ["story", /\b(?:story|stories|poem|tale|read (?:me|to me)|riddle|game|play with me|quiz)\b/],
    ["joke", /\b(?:jokes?|roast me|make me laugh|something funny|be funny|another one)\b/],
    [
      "recall",
      /\b(?:what|who|where|when|how)(?:'s| is| are| was| were| old| did| do| does)? .*\bmy (?!name\b)\w+|\b(?:do you (?:remember|know)) (?:my|where my|what my|who my) (?!name)\w+|\bwhat(?:'s| is) my (?!name)\w+|\bwhat do i (?:like|love|hate|prefer|play|have)\b|\bwhere do i (?:live|work)\b|\bwhat did i (?:tell|say|ask)\b/,
    ],
    [
      "me",
      /\b(?:who am i(?! talking| speaking)|(?:what(?:'s| is)|say|know|remember|guess) my name|my name\?|do you (?:know|remember|recogni[sz]e) me|what do you (?:know|remember) about me|what am i called|remember me)\b/,
    ],
    [
      "name",
      /\b(?:your name|(?:have|got) a name|what(?:'s| are| is) you called|what (?:are|should i call|do i call|can i call) you(?: called)?$|who are you called|what should i call you|are you (?:called )?buddy|is your name|go by|(?:they|people|everyone|folks) call you|address you|you named)\b/,
    ],
    [
      "age",
      /\b(?:how old are you|your age|when (?:were|was) you (?:born|made|built)|your birthday|how long have you (?:existed|been alive))\b/,
    ],
    [
      "maker",
      /\b(?:who (?:made|built|created|invented|programmed|designed|developed|put|coded) you|(?:made|built|created|designed|developed) by|who do you belong to|where (?:do|did) you come from|where are you from|who(?:'s| is) your (?:maker|creator|owner|father|mother|boss)|what are you made of|what(?:'s| is) inside you)\b/,
    ],
    [
      "languages",
      /\b(?:(?:do|can) you speak|which languages?|what languages?|how many languages|understand (?:german|french|spanish|japanese|english))\b/,
    ],
    [
      "alive",
      /\b(?:are you (?:alive|real|conscious|human|an? (?:\w+ )?(?:robot|ai|person|machine|man|woman|boy|girl|computer|bot|toy|intelligence)|(?:some |any )?(?:kind|sort) of (?:a )?(?:toy|robot|ai|machine|computer)|a toy|artificial|chatgpt|gpt|alexa|siri|self aware)|do you (?:have (?:feelings|a soul|emotions|a brain)|think|dream|sleep|feel|eat|breathe|ever sleep|get tired|love)|can you (?:feel|think))\b/,
    ],
    [
      "alone",
      /\b(?:are you (?:lonely|alone)|(?:did|do) you miss me|what (?:did|have) you (?:do|been doing|done)|how long (?:have|was|were|has)|since when|were you (?:alone|waiting)|what were you doing|what are you doing|what're you doing)\b/,
    ],
    ["bored", /\bare you bored\b|\bis it boring\b/],
    [
      "want",
      /\bwhat do you (?:want|need|wish|like|love|enjoy|prefer)\b|\bdo you (?:need|want|like) (?:anything|something|it|music|cats|dogs|people)\b|\b(?:your|you) (?:favou?rite)\b|\bfavou?rite\b|\bare you (?:hungry|thirsty|tired|sleepy)\b/,
    ],
    [
      "can",
      /\b(?:what (?:can|do|could|are|will) you (?:actually |really |usually )?(?:do|capable of|able to do|here for|good for|good at|up to doing)|what(?:'s| is) your (?:purpose|job|function)|what (?:should|could|might) i (?:ask|say|do|try)|anything you can do|(?:what|how) (?:can|do|could) (?:you|i) (?:help|use|be useful|talk)|what are you for|(?:what|which|any) (?:tricks|things|games) (?:can|do) you|show me what you(?:'ve| have)? got|help(?: me)?$|what can i (?:say|ask|do)|commands?|what do you know|how do you work|how does this work|what are you (?:able|good)|your (?:skills|features|abilities)|why (?:are you|can't you)|safe mode|language model|are you (?:smart|clever|intelligent))\b/,
    ],
    ["where", /\bwhere are (?:you|we)\b(?! from)|\bwhere do you live\b|\bwhich room\b/],
    [
      "see",
      /\b(?:what (?:can|do|are) you (?:see|look)|(?:can|do) you see|who(?:'s| is) (?:there|here|in front|that)|how many (?:people|faces)|is (?:there )?(?:any|some)(?:body|one) (?:else )?(?:there|here|around|near|standing|sitting|in front|in the|in this|with|behind|next)|(?:any|some)(?:body|one) else (?:here|there|around|in)|am i (?:alone|in (?:the )?(?:picture|view|frame))|what am i (?:wearing|holding)|do i look|how do i look|look around|your camera|are you watching)\b/,
    ],
    [
      "hear",
      /\b(?:can you hear me|do you hear|are you (?:even |still )?(?:there|listening|awake|on|working|online|alive there)|is this (?:thing )?(?:on|working)|hear me|you (?:awake|listening|with me|receiving me|there with me)|do you (?:copy|read me)|(?:test(?:ing)?|check)(?:,? (?:test(?:ing)?|one|1|two|2|check))*$|anybody home|you there|wake up)\b/,
    ],
    [
      "sad",
      /\b(?:i(?:'m| am| feel|'ve been)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:sad|down|depressed|unhappy|miserable|upset|hurt|heartbroken|low|stressed|crying|gutted|devastated|bummed|overwhelmed|not (?:ok|okay|well|great|good|doing (?:so )?well))|bad day|terrible day|awful day|rough day|had a hard day|(?:died|passed away)|i failed|i lost my|broke up|ran away|(?:can't|cannot) stop crying|(?:dumped|left|fired) me|got (?:fired|dumped)|hard time|rough time|want to cry|feel(?:ing)? (?:bad|down|awful|terrible))\b/,
    ],
    [
      "tired",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:tired|exhausted|sleepy|worn out|knackered|shattered|beat|wiped|drained|burnt out|dead on my feet)\b|\bi can't sleep\b|\bi need (?:sleep|a break|a nap)\b/,
    ],
    [
      "angry",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:angry|mad|furious|annoyed|frustrated|pissed(?: off)?|fed up|livid)\b|\bi had (?:a|an) (?:fight|argument|row)\b|\b(?:makes?|made|drives?) me (?:so |really |very )*(?:angry|mad|crazy|furious)\b/,
    ],
    [
      "afraid",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:afraid|scared|nervous|anxious|worried|frightened|terrified|panicking)\b/,
    ],
    [
      "sick",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:sick|ill|unwell|nauseous|dizzy|poorly)\b|\bi(?: have|'ve got|'ve) (?:a |an |the )?(?:\w+ )?(?:headache|cold|fever|flu|migraine|stomach ?ache|toothache)\b|\bmy (?:head|back|tooth|stomach) (?:hurts|aches)\b/,
    ],
    [
      "lonely",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*(?:lonely|alone)\b|\bnobody (?:likes|loves|talks to) me\b|\bi have no friends\b/,
    ],
    [
      "dull",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |a (?:bit|little) |feeling )*bored\b|\bthis is boring\b|\b(?:entertain|amuse) me\b/,
    ],
    [
      "happy",
      /\bi(?:'m| am| feel)? (?:so |very |really |just |quite |pretty |totally |too |feeling )*(?:happy|great|excited|fantastic|wonderful|glad|proud|in love|fine|good|well|okay|ok)\b|\bgood news\b|\b(?:i|we)(?:'ve)? (?:finally |just )*(?:passed|won|got (?:engaged|married|accepted|promoted|hired)|got (?:the|a|my) (?:new )?(?:job|raise|promotion|licen[cs]e|degree|diploma|puppy|kitten)|made it|did it)\b|\b(?:it(?:'s| is)|today is) my birthday\b|\bmy birthday (?:is )?today\b|\bgreat day\b/,
    ],
    [
      "love",
      /\bi (?:love|like|adore|missed|miss) you\b|\bdo you (?:love|like) me\b|\b(?:marry me|be my friend|are we friends|are you my friend|best friend)\b/,
    ],
    [
      "how",
      /\b(?:how (?:are|do) you(?: feel| doing| today)?|how(?:'s| is) it going|how(?:'s| is) (?:your day|life|everything)|what'?s up|are you (?:ok|okay|well|fine|happy|sad|angry|all right|alright|in a good mood|scared|busy)|how have you been|how (?:are|r) (?:we|things)|how you (?:doing|feeling)|how(?:'s| is) it hanging|what(?:'s| is) (?:good|new|cracking|happening|going on)$|you (?:good|alright|all right)$|what(?:'s| is) your mood|you okay)\b|\bhow are things\b/,
    ],
    [
      "who",
      /\b(?:who(?:'re| are| is|'s) (?:you|this|talking|speaking)|who am i (?:talking|speaking)|what are you\b(?! (?:doing|able|good|for|made|wearing))|(?:what|which) (?:kind|sort|type) of (?:a )?(?:\w+ )?(?:robot|thing|machine|\w+) (?:are|is)|you(?:'re| are| must be) (?:the|a|that) (?:\w+ )?robot|tell me about yourself|introduce yourself|about you)\b/,
    ],
    [
      "insult",
      /\b(?:stupid|dumb|idiot|shut up|useless|ugly|hate you|annoying|boring robot|bad robot|suck|fool|silly)\b/,
    ],
    [
      "praise",
      /\b(?:well done|good (?:job|robot|boy|girl|one)|nice (?:one|work)|you(?:'re| are) (?:so |very |really )?(?:nice|cute|funny|great|sweet|awesome|amazing|the best|clever|adorable|cool|smart|beautiful|pretty|kind)|bravo|brilliant|clever (?:boy|robot)|that was (?:good|funny|great))\b/,
    ],
    ["thanks", /\b(?:thanks|thank you|thx|cheers|much appreciated)\b/],
    ["sorry", /\b(?:sorry|apologi[sz]e|my bad|forgive me|excuse me)\b/],
    [
      "bye",
      /\b(?:bye|good ?bye|good ?night|see you|see ya|i have to go|i(?:'m| am) (?:leaving|off|going)|gotta go|farewell|take care|going to bed|until tomorrow|later|(?<!you )sleep well)\b/,
    ],
    [
      "greeting",
      /\b(?:hello|hi|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|morning|evening|greetings|i(?:'m| am) (?:back|home)|nice to (?:meet|see) you|yo|welcome)\b/,
    ],
    [
      "search",
      /\b(?:google|search|look up|internet|wikipedia|capital of|how (?:far|big|tall|many|much|long|high|deep)|who (?:was|invented|wrote|is|painted|discovered)|what is (?:a|an|the)|why is|explain|recipe|define)\b/,
    ],
    [
      "yes",
      /^(?:yes|yeah|yep|sure|of course|right|exactly|ok|okay|fine|alright|all right|i see|great|cool|good|nice)(?: (?:please|buddy|good|then))*$/,
    ],
    [
      "no",
      /^(?:no|nope|nah|not really|never mind|nevermind|no thanks|no thank you|nothing|forget it)(?: (?:please|buddy))*$/,
    ],
  ],
  negation: /\b(?:don't|do not|dont|never|no need to|stop|without)\b/,
  question:
    /^(?:what|who|why|how|when|where|which|is|are|do|does|did|can|could|will|would|should|am|have|has)\b/,
  directions: [
    ["left", /\bleft\b/],
    ["right", /\bright\b/],
    ["up", /\b(?:up|upwards?|ceiling)\b/],
    ["down", /\b(?:down|downwards?|floor|desk|table)\b/],
  ],
  numbers: [
    [/\bonce\b|\ba single\b/, 1],
    [/\btwice\b|\ba couple\b/, 2],
    [/\bthrice\b|\ba few\b/, 3],
    ...EN_NUMBERS,
  ],
  days: [
    [/\bday after tomorrow\b/, 2],
    [/\bday before yesterday\b/, -2],
    [/\btomorrow\b/, 1],
    [/\byesterday\b/, -1],
    [/\bnext week\b/, 7],
  ],
  inDays: /\bin (\w+) (days?|weeks?)\b/,
  sums: [
    [/\b(?:add|the sum of) (\S+) (?:and|to) (\S+)/g, "$1 + $2"],
    [/\bplus\b|\badded to\b/g, "+"],
    [/\bminus\b/g, "-"],
    [/\btimes\b|\bmultiplied by\b/g, "*"],
    [/\bdivided by\b|\bover\b/g, "/"],
    [/\bhalf of\b/g, "0.5*"],
    [/\bdouble\b|\btwice\b/g, "2*"],
    [/\bpercent of\b/g, "*0.01*"],
  ],
  topics: [
    /\bmy ([\w' -]+?)(?:'s)?(?: (?:called|named|name|live|lives|is|are|born|birthday|like|likes|from))*$/,
    /\bdo i (like|love|hate|prefer|play|have|live|work)\b/,
    /\bdid i (?:tell|say|ask)(?: you)?(?: about)?(?: my| the)? ?(\w*)/,
  ],
  timers: {
    list: /\b(?:which|what|list|show|any|how (?:long|much|many)|do i have|are there|are you)\b.*\b(?:timers?|alarms?|reminders?|left)\b/i,
    cancel:
      /\b(?:cancel|stop|delete|remove|clear|(?:turn|switch) off|forget)\b.*\b(?:timers?|alarms?|reminders?|countdowns?)\b|\b(?:timers?|alarms?|reminders?)\b.*\b(?:cancel|delete|remove|stop|off)\b/i,
    all: /\b(?:all|every|both|timers|alarms|reminders)\b/i,
    halves: EN_HALVES,
    spans: [
      [/\b(?:in )?(?:an|one) hour and a half\b/i, 5_400_000],
      [/\b(?:in |for )?half an? hour\b/i, 1_800_000],
      [/\b(?:in |for )?(?:a )?quarter of an hour\b/i, 900_000],
      [/\b(?:in |for )?half a minute\b/i, 30_000],
    ],
    units: [
      [/\b(?:in |for |and )?(\d+|[a-z]+)[ -]?(?:seconds?|secs?)\b/gi, 1000],
      [/\b(?:in |for |and )?(\d+|[a-z]+(?:-five)?)[ -]?(?:minutes?|mins?)\b/gi, 60_000],
      [/\b(?:in |for |and )?(\d+|[a-z]+)[ -]?(?:hours?|hrs?)\b/gi, 3_600_000],
      [/\b(?:in |for |and )?(\d+|[a-z]+)[ -]?days?\b/gi, 86_400_000],
    ],
    at: /\b(?:at|for|by) (?:(?<half>half past )|(?:a )?(?<past>quarter|five|ten|twenty|\d{1,2})(?: minutes?)? past |(?:a )?(?<to>quarter|five|ten|twenty|\d{1,2})(?: minutes?)? to (?=(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|\d)|)(?<h>\d{1,2}|[a-z]+)(?:[:.](?<m>\d{2}))?(?: ?o'clock)?(?:(?<am> ?a\.?m\b\.?| in the morning)|(?<pm> ?p\.?m\b\.?| in the (?:afternoon|evening)| at night))?/i,
    isTwelveHours: true,
    about: [
      /\b(?:remind me|reminder|alarm|timer|let me know|tell me)\b,?.*?\b(?:to|that|about|of) (.+)$/i,
    ],
    inWords: "in {in}",
    atWords: "at {at}",
  },
  followUps: FOLLOW_UPS.en,
  quiet: {
    elsewhere:
      /^(?!.*\b(?:louder|quieter|softer|speak|talk|volume|voice|you|your|you're)\b).*\b(?:next door|outside|out there|in here|over there|up ?stairs|down ?stairs|neighbou?rs?|(?:the|my|this|that|our) (?!volume|sound)\w+ (?:is|are|was|were)|street|party|traffic|kids|room|office|school)\b/,
    begin:
      /^(?:please )?(?:can you |could you |will you |would you )?(?:please )?(?:be|stay|keep|go) (?:quiet|silent)\b|^(?:quiet|silence|hush|shush|sh+|pst|zip it|pipe down)(?: please| now| buddy)*(?:$| for\b)|^(?:i need|give me) (?:some |a bit of |a moment of )?(?:quiet|silence|peace)\b|^(?:don't|do not|stop) (?:talk|talking|speak|speaking)(?: to me)? for\b|^mute(?: yourself)?(?:$| for\b)/,
    over: /^(?:okay |ok )?(?:now )?you (?:may|can) (?:speak|talk)(?: again| now)*$|^(?:speak|talk) (?:to me )?again\b|^unmute\b/,
    louder:
      /\b(?:louder|loudly|speak up|talk up|(?:turn (?:it|(?:the|your) \w+|yourself) up|turn up|volume up)|too (?:quiet|low|soft)(?:ly)?|hear you|raise (?:the|your) volume)\b/,
    softer:
      /\b(?:quieter|softer|quietly|softly|(?:turn (?:it|(?:the|your) \w+|yourself) down|turn down|volume down)|too loud(?:ly)?|lower (?:the|your) (?:volume|voice))\b/,
  },
  ...EN_PHRASES,
};
