"""The posts of the five popular people, oldest first."""

from db.seed.texts.script import PostText, album, clip, film, for_followers, gallery, gif, image, long, short, song

ADA: tuple[PostText, ...] = (
    image(
        "First roll through the old Rolleiflex. The light meter is dead, so these are all guesses.",
        "film photography",
    ),
    long(
        "Why I still develop in the kitchen",
        "People ask why I do not just send the rolls to a lab. The honest answer is the waiting. Between the last "
        "rinse and the moment you hold the strip against the window, you do not know whether the day happened.\n\n"
        "A lab gives you pictures. The kitchen gives you the day twice: once outside, once over the sink with the "
        "extractor fan humming and the timer on the phone face down so that it does not fog anything.",
        "film darkroom",
    ),
    gallery(
        "Six in the morning at the fish auction. Nobody minds a camera if you arrive with coffee for everyone.",
        "photography gothenburg",
        5,
    ),
    short("The best lens upgrade I ever made was getting up an hour earlier.", "photography"),
    image(
        "Tram 11, last stop, rain on both sides of the glass. Half a second, elbow on the seat.",
        "photography gothenburg",
    ),
    clip(
        "Loading a 120 roll in the dark",
        "Forty seconds, no cuts, and yes, I practised with a dead roll for a week.",
        "film darkroom",
    ),
    gallery(
        "Contact sheet from Vinga. Red circles are keepers, the blue one is the gull that stole my sandwich.",
        "film archipelago",
        6,
    ),
    long(
        "A field recorder is a camera for patient people",
        "This winter I carried a recorder on every photo walk. A picture takes a sixtieth of a second and then you "
        "talk over it. A recording makes you shut up for three minutes, and in those three minutes the place comes "
        "back: the ferry ropes, the flagpole, somebody laughing two streets away.\n\n"
        "Now I record first and photograph afterwards. By then I know what the picture is about. @cleo has been "
        "asking for the tapes, so some of them will turn up in music soon.",
        "fieldrecording photography",
    ),
    for_followers(image("Granny's darkroom apron. Fixer stains older than I am.", "darkroom family")),
    short(
        "Reminder to myself: the roll marked TEST is never a test. It is always the best evening of the summer.",
        "film",
    ),
    song(
        "Ropes, Ferry Quay 4",
        "Three minutes of mooring ropes under load. Headphones, please. Free to sample, tell me what you make.",
        "fieldrecording",
    ),
    gallery("Portraits from @ben's bread school. Flour is the best diffuser there is.", "portrait bread", 5),
    image(
        "Cyanotype of a fern from the motorway verge. Sun, water, twelve minutes, no electricity.",
        "cyanotype print",
    ),
    film(
        "One street, one year",
        "The same corner on the first of every month, from the same manhole cover. Watch the bicycle: nobody "
        "ever unlocks it.",
        "gothenburg photography",
    ),
    long(
        "How I price a print",
        "Students keep asking, so here it is in the open. Paper and chemistry: 90 kronor. The failed prints before "
        "the good one: usually three. An hour of standing. Packing that survives a bicycle courier.\n\n"
        "I add it up, double it, and if I would not be glad to see it on a friend's wall at that price, I do not "
        "sell it. Not science, but I have never regretted one.",
        "print howto",
    ),
    image("Mira drawing at my kitchen table while it hailed. 1/15, and she did not move once.", "portrait film"),
    short("Whoever left a bag of expired Portra at my door: the kettle is on, come and explain yourself.", "film"),
    gallery("Winter swimmers at Saltholmen, minus four. They were laughing, I was shaking.", "portrait winter", 4),
    clip(
        "A print coming up",
        "The one moment in the darkroom that never gets old. The red light is real, so is the gasp.",
        "darkroom print",
    ),
    image("Fog took the bridge away and left the lamps.", "photography gothenburg"),
    long(
        "Notes from the shared darkroom, week one",
        "Eleven people came, nine of them had never touched an enlarger. By eight o'clock there were prints "
        "hanging from the fire hose, and somebody's grandfather was explaining split grades to a fifteen-year-old "
        "with green hair.\n\n"
        "What we need next: two more safelights, a drying rack that is not a fire hose, and someone who "
        "understands the ventilation. Thursdays at six. Bring a negative, or borrow one of mine.",
        "darkroom community",
    ),
    image("Test strip number nine. Number ten was the print.", "darkroom print"),
    gallery("Open studio on Sunday: forty small prints, pay what you can, dogs welcome.", "print community", 4),
    short(
        "Thank you for Sunday. Thirty-one prints found a wall and one dog found the sandwiches. #community",
        "community",
    ),
)

BEN: tuple[PostText, ...] = (
    short("The starter survived the move. It is called Gerald and it is hungry.", "bread"),
    image("First bake in the new oven. The left side runs hot, so the left loaf gets the hat.", "bread oven"),
    long(
        "Sourdough for people with jobs",
        "Every recipe assumes you are at home at eleven in the morning to stretch a dough. Most of us are not. So "
        "here is the week-night version: mix after dinner, three folds while you wash up, into the fridge before "
        "bed. It waits. It will wait two days if work goes wrong.\n\n"
        "Bake straight from the cold when you get home. The crust is better for it, and nobody has to pretend "
        "that dough cares about your calendar.",
        "bread recipe",
    ),
    clip("The windowpane test", "If you can read your messages through it, stop kneading.", "bread howto"),
    image("Crumb shot. Eighty per cent water and a prayer.", "bread"),
    short("Nobody has ever regretted buying a second bench scraper.", "bread tools"),
    gallery("Saturday class: eight strangers, eleven loaves, one flour fight that I did not start.", "bread school"),
    clip("Shaping a bâtard", "Slower than the last time, because you asked. Hands of @tomas as guest.", "bread"),
    long(
        "What the free loaves taught me",
        "In January we began to leave ten loaves on the wall outside at closing time. No sign, no questions. For "
        "two weeks nobody took them. Then a pensioner did, then the night nurses, and now there is a small crowd "
        "that also brings jam.\n\n"
        "We throw away less than we ever did, and I know more neighbours by name than in the six years before. "
        "If you run a bakery: it costs you ten loaves and it pays in rhubarb.",
        "bread community",
    ),
    image("Rye, caraway, and the good butter. Lunch is sorted.", "bread rye"),
    short("Oven thermometer says 230. Second oven thermometer says 205. I trust the bread.", "oven"),
    film(
        "A night in the bakery",
        "From two in the morning until the first tram, in twenty-two minutes. There is no music because there is "
        "never any music: you listen to the mixer.",
        "bread bakery",
    ),
    short("Question for @yuki: can you make a crock that holds five kilos of starter and does not scare people?"),
    clip("Scoring", "One cut, forty-five degrees, do not hesitate. Hesitation is what opens sideways.", "bread"),
    long(
        "The rye that would not rise",
        "Four bakes, four bricks. I changed the flour, the water and the tin, and each time I wrote it down like "
        "a serious person. It was the fridge. The door seal had gone and the dough had spent its nights at "
        "eleven degrees.\n\n"
        "The moral is not about rye. Change one thing at a time, and begin with the thing that you are sure is "
        "fine.",
        "rye bread",
    ),
    image("Gerald on holiday: a spoonful travelling to Valencia in a jam jar, well padded.", "bread"),
    gallery("Bread school, spring term. Photos by @ada, who ate her fee.", "bread school", 5),
    short("If your kitchen is cold, your dough is not dead. It is late.", "bread howto"),
    clip("Steam", "Three ways of getting steam in a home oven. The third one sets off the alarm.", "oven howto"),
    long(
        "A recipe without numbers",
        "My grandmother in Enugu never weighed anything. Enough flour to sit like a hill, enough water that the "
        "hill slumps, salt like the sea in April. I followed her around with a scale for a whole holiday.\n\n"
        "The numbers are in my notebook now, and they are right. But her bread is still better, because she "
        "looks up from it every two minutes and I look at the scale.",
        "bread family",
    ),
    image("Cardamom buns for the darkroom people. They trade in prints.", "buns community"),
    clip("Listening to a loaf", "Put your ear to it when it comes out. It sings. Sound by @cleo.", "bread"),
    long(
        "We are looking for a second baker",
        "Four mornings, proper pay, no shouting. You do not need a diploma, but you need to like the hour before "
        "anybody else is up. We bake rye, wheat, and on Fridays whatever the neighbours leave on the wall.\n\n"
        "Write to me here or come by after ten with something that you made. It does not have to be bread.",
        "bakery work",
    ),
    short("Tomorrow's bake: seeded rye, milk loaf, and forty buns that I promised to someone. #bread", "bread"),
)

CLEO: tuple[PostText, ...] = (
    song("Quay Four", "Built on one minute of @ada's ferry ropes. The kick is a car door.", "modular fieldrecording"),
    short("The patch that took all night is always the one with three cables.", "modular"),
    album(
        "Small Rooms",
        "Five pieces, each recorded in a room under six square metres. The cupboard is my favourite.",
        "ambient album",
        6,
    ),
    clip("Turing machine, two oscillators", "Nothing is played, everything is chosen.", "modular"),
    song("Neighbours", "The wall between our flats, a contact microphone, Signora Bruna's permission.", "ambient"),
    long(
        "Finishing is a skill of its own",
        "I have four hundred sketches and for years I had no records. What changed is a rule: on the first of "
        "the month I pick three sketches, and by the last day one of them is done. Not good, done.\n\n"
        "The surprise was that done made them good. A sketch can be anything, so it is vague. A thing with an "
        "ending has to decide what it was about.",
        "music process",
    ),
    song("Milk Crate", "Drums for @dan's workshop video. That is a real milk crate.", "drums"),
    short("Soundcheck tip: bring earplugs for the sound engineer. You will have a friend for life.", "live"),
    album("Tape for the Night Train", "Turin to Lecce, eleven hours, one recorder, no overdubs.", "ambient tape", 5),
    image("The rack, tidied for the first time since spring. It will last until supper.", "modular studio"),
    song("Every Lift in Turin", "There are 214. I have recorded nineteen.", "fieldrecording"),
    clip("Feedback with a spring", "A mixing desk, a slinky and a lot of trust.", "noise studio"),
    short("Looking for someone in Turin with a church organ and a free Tuesday.", "turin"),
    album(
        "Songs without the Singer",
        "The singer moved to Lisbon, the songs stayed. Listen for where the voice would be.",
        "album songs",
        5,
    ),
    song("Bread", "@ben's loaves crackling as they cool, slowed down forty times. That is all it is.", "ambient bread"),
    film(
        "Live at the swimming pool",
        "Speakers under water, audience in rings. The full set, with the lifeguard's announcement left in.",
        "live ambient",
    ),
    long(
        "What I earn, in the open",
        "Last year: 61 % teaching, 22 % film work, 11 % concerts, 4 % records, 2 % a jingle for a lift company, "
        "which I am not ashamed of. Streaming would have bought one good dinner.\n\n"
        "I write it down because nobody told me at twenty. You can live on this, but not from the part that "
        "people see. Plan for the part that they do not.",
        "music work",
    ),
    short("Rule for this week: one oscillator.", "modular"),
    album("Eleven Bells", "Bell towers of the hills, recorded at noon over eleven Sundays.", "fieldrecording", 4),
    clip("One oscillator, day three", "It is a good constraint. I hate it.", "modular"),
    song("Slow Tram", "For everybody who has missed the last one. Video by @ada, when it rains again.", "ambient"),
    album("Rehearsals", "Not for keeping. Up until the record is done, then it goes.", "album live", 4),
    short("The organ is found. Thank you, Lecce, and thank you to the nun who climbs faster than I do.", "organ"),
    album(
        "One Oscillator",
        "Seven days, one oscillator, five tracks. Pay what you like, proceeds go to the shared darkroom.",
        "modular album",
        6,
    ),
)

DAN: tuple[PostText, ...] = (
    image("Number 41, waiting for paint. Steel, and my own lugs for once.", "framebuilding bicycle"),
    long(
        "Why I build in steel",
        "Not out of nostalgia. A steel frame can be repaired by somebody you have never met, in a town you did "
        "not plan to be in, with tools from a farm. I have seen it done in Moldova with a car battery.\n\n"
        "Carbon is wonderful until the day it is not. Most of the people who ride my frames carry tents, so that "
        "day matters to them more than two hundred grams.",
        "framebuilding steel",
    ),
    short("Every workshop has one drawer that nobody opens. Mine opened itself today.", "workshop"),
    clip("Brazing a bottom bracket", "Six minutes of fire in forty seconds.", "framebuilding brazing"),
    long(
        "Kraków to the sea, day one",
        "Left at four with two bottles and a pocket of dried apricots. Fog to the knee until Miechów, then the "
        "sun came up all at once, as if somebody had found the switch.\n\n"
        "173 kilometres, one puncture, one dog who ran along for a village and a half. Slept behind a fire "
        "station with permission and woke up to a fire drill without any.",
        "touring kraków",
    ),
    gallery("Kraków to the sea: the pictures that came out. The blurred one is the dog.", "touring", 5),
    short("Tubeless sealant is the only paint that I have ever managed to get evenly on a wall.", "workshop"),
    image("Cut away head tube from a 1978 frame. Somebody cared, where nobody would look.", "steel"),
    long(
        "How to choose a frame size without a shop",
        "Take a book, stand against a wall, pull the book up as if it were a saddle, and measure. Multiply by "
        "0.66 for the frame that everybody tells you to ride. Now ride a friend's for an hour and note what "
        "hurts.\n\n"
        "The hour beats the number each time. If your hands hurt it is too long, if your neck hurts it is too "
        "low, and if nothing hurts you can stop reading advice.",
        "bicycle howto",
    ),
    clip("Truing a wheel by ear", "Pluck, listen, quarter turn. @cleo says that it is in D.", "workshop wheels"),
    short("Today's customer paid with a wheel of cheese. The wheel is true to half a millimetre.", "workshop"),
    film(
        "Number 42, from tube to road",
        "Three weeks in thirty minutes. Music by @cleo, who really did hit that milk crate.",
        "framebuilding",
    ),
    image("Rack for @ben: carries four bread crates and steers like a bicycle, not like a boat.", "cargo bicycle"),
    long(
        "The mistake in number 17",
        "Eight years ago I brazed a seat stay three millimetres off, saw it, and told myself that paint would "
        "forgive it. The owner rang last week. It has done 61,000 kilometres and pulls to the left a little.\n\n"
        "I offered her a new one. She declined: she has learned to lean. I have built a jig for seat stays "
        "and written 17 on it in large figures.",
        "framebuilding",
    ),
    gallery("Open workshop: twelve people and twelve punctures, all of them on purpose.", "workshop community", 4),
    short("If it creaks, it is the seatpost. If it is not the seatpost, it is the seatpost.", "workshop"),
    image("Paint test. The owner calls it swimming pool, the tin calls it RAL 6027.", "paint bicycle"),
    film(
        "Night ride, no lamps",
        "Full moon over the Błonia, forty riders, one brass band. Half an hour, best watched in the dark.",
        "kraków night",
    ),
    long(
        "A bicycle for somebody who is afraid of cycling",
        "My mother is seventy-one and stopped riding after a fall. We began with the height: both feet flat on "
        "the ground while sitting. Then wide tyres, then a bell like a ship's.\n\n"
        "She rode to the corner on Monday and to the market on Thursday. On Sunday she did not answer the "
        "telephone, because she was out. It is number 44, and I shall not build a better one.",
        "framebuilding family",
    ),
    clip("Number 44 leaves the workshop", "Listen to that bell.", "framebuilding family"),
    image("Lugs, filed. My thumbs have no print left, so I could start a life of crime.", "framebuilding"),
    gallery("The long way to the Tatras: two passes, one hailstorm, three soups.", "touring mountains", 4),
    for_followers(short("Shop is closed on Thursday. There is wind from the west and the valley is open.", "touring")),
    long(
        "Four people, one tandem",
        "The plan for the summer: the four of us, a tandem and two normal bicycles, from Kraków to @ada's "
        "darkroom in Gothenburg. @ben bakes along the way, @cleo records, and I mend.\n\n"
        "Seats rotate every fifty kilometres, so that nobody has to look at my back for a thousand. If you live "
        "along the way and have a barn: we pay in bread, pictures, songs and brake pads.",
        "touring friends",
    ),
)

MIRA: tuple[PostText, ...] = (
    image("Page one of the harbour book. There will be eighty. Somebody stop me.", "comics ink"),
    short("Ink tip of the day: the cheap brush, after you have ruined it a little.", "ink"),
    gallery("Sketchbook, Marseille market. The aubergines held still, the people did not.", "sketchbook marseille"),
    clip("Inking a crowd", "Sixty faces, one of them is you.", "ink comics"),
    for_followers(image("The cat from the bakery, seen as a landscape.", "drawing cat")),
    long(
        "Drawing from life when life keeps moving",
        "Do not draw the person, draw what they are about to do. The weight is on one foot already, the hand has "
        "left the table. If you put that down first, the face can come later, or not at all.\n\n"
        "I fill a page with forty legs before I allow myself a single nose. It looks like an accident with a "
        "trouser shop, and then one of them starts to walk.",
        "drawing howto",
    ),
    image("Page nine. The gull is a stand-in for my landlord.", "comics ink"),
    image("Portrait of @dan as a bicycle. He asked for it, in both senses.", "drawing bicycle"),
    gallery("Four ways to letter the same sentence. Which one is shouting?", "lettering comics", 4),
    short("My pencil case was searched at the airport. They took nothing, but one of them drew a horse.", "drawing"),
    clip("Mixing the blue", "It is always the same blue, and it is never the same blue.", "colour paint"),
    image("Page twenty-three. Rain took four evenings. I now know every raindrop by name.", "comics ink"),
    long(
        "Twelve publishers, one yes",
        "I kept a list. Three never answered, five liked it very much and said no, two wanted a dragon, one "
        "wanted it to be about football. The twelfth called at nine in the evening because she had missed her "
        "stop while reading.\n\n"
        "The yes came for the same pages that the dragon people had turned down. I am telling you this so "
        "that you do not redraw them.",
        "comics work",
    ),
    image("Thumbnail for the ferry scene, drawn on the ferry, with ferry coffee.", "comics sketchbook"),
    gallery("Life drawing at @yuki's pottery. Everybody sits still when they centre clay.", "drawing pottery", 5),
    film(
        "A page from nothing to printed",
        "Five hours of drawing in eighteen minutes, then a telephone call, then the last panel again from the start.",
        "comics ink",
    ),
    short("Deadlines are only frightening in pencil.", "comics"),
    image("The lighthouse keeper has @nils's hands. He has been told.", "drawing"),
    clip("Forty raindrops", "You asked how. Like this, and it is every bit as silly as it looks.", "ink"),
    image("Colour test for the cover, third of nine. The orange wins, the orange always wins.", "colour comics"),
    long(
        "How we share a studio without murder",
        "There are five of us in forty square metres. One rule for sound: headphones. One for smells: the "
        "window before the fixative. One for opinions: only when the other person has put down the pen and "
        "asked.\n\n"
        "The last rule is the whole trick. In three years we have lost one plant and no friends.",
        "studio work",
    ),
    gallery("Pages thirty to thirty-three, pencils. Spoiler: there is soup.", "comics pencil", 4),
    image("Proof from the printer. I have been sniffing it all morning.", "print comics"),
    short("Eighty pages. It is done. I am going to sleep until the gulls complain. #comics", "comics"),
)

# Beside the two hundred: the ninth type, and what only its author sees.
GIFS: tuple[tuple[str, PostText], ...] = (
    ("mira", gif("The gull takes off. Eleven drawings, round and round.", "comics animation")),
    ("dan", gif("A hub that has been serviced, and one that has not.", "workshop")),
)
DRAFTS: tuple[PostText, ...] = (
    long(
        "Things I learned from nine failed prints",
        "Draft. The list so far: dust, dust, the wrong filter, dust, impatience, and a cat.",
        "darkroom",
    ),
    short("Is anyone near Vinga on the second weekend of the month? I need somebody to hold a ladder.", "film"),
)
SCHEDULED = short("Darkroom tonight at six. The new ventilation is in, thank you all for asking.", "darkroom")
