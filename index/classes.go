package index

// wordClass is a set of what a word is, in whatever language: the features ask
// for it.
type wordClass uint16

const (
	denying wordClass = 1 << iota
	refusing
	causing
	starting // what began, or made something begin
	dating   // of dates: months, weekdays, times of the day
	numeral
	pronoun // opens a sentence in the place of somebody or something
	placing // a preposition of place
	article
	being // is and its like, between a name and what it is
)

var wordClasses = func() map[string]wordClass {
	m := make(map[string]wordClass)
	for _, c := range []struct {
		class wordClass
		words string
	}{
		{denying, "not no never none nothing nobody denied denies deny rejected dismissed false не нет ни никто ничего отверг опроверг отрицает ні ніхто нічого nicht kein keine keinen nie nichts niemand no nunca nadie nada negó ne pas jamais"},
		// Refusals turn what follows them around, as denials do.
		{refusing, "refused refuses declined declines failed fails false fake unconfirmed unproven doubted doubts отказался отказалась отказались відмовився відмовилась ложь lehnte weigerte rechazó"},
		{causing, "because since due owing therefore thus hence so reason caused cause causes led lead result resulted order aimed why потому поэтому из-за вследствие чтобы причина причине ради тому оскільки через щоб причина weil denn da wegen deshalb daher grund um damit aufgrund porque debido causa razón para ya puesto parce car afin"},
		{starting, "started start began begun caused cause led sparked triggered broke came after when by through blamed because"},
		{dating, "january february march april may june july august september october november december january monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week month year morning evening night января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье вчера сегодня січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня вчора сьогодні januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag sonntag gestern heute enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes ayer hoy"},
		{numeral, "one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half twice один два три четыре пять шесть семь восемь девять десять сто тысяч миллион двое трое один два три чотири пять шість сім вісім девять десять сто тисяч zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend million dos tres cuatro cinco seis siete ocho nueve diez once doce cien mil millones"},
		{pronoun, "he she it they this that these those his her its their он она оно они его ее её их это этот він вона воно вони його її їх це цей er sie es ihr sein él ella ellos ellas su sus esto ese il elle ils elles"},
		{placing, "in at near on off outside inside behind beside from to of above below under around along в во на у под возле около из від із з у в на біля під in im am bei aus nach an en cerca desde hacia à au dans près"},
		{being, "is was are were means это является значит є це означає ist war sind bedeutet es era son fue significa"},
		{article, "the der die das dem den el la los las le les"},
	} {
		for w := range setOf(c.words) {
			m[w] |= c.class
		}
	}
	return m
}()
