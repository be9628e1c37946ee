package index

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// ukrainianEndings are the endings that the light stemmer cuts, each with the
// least number of letters that must stay: verbal nouns, verbs, adjectives,
// nouns.
var ukrainianEndings = func() []ending {
	var list []ending
	add := func(keep int, endings string) {
		for e := range strings.FieldsSeq(endings) {
			list = append(list, ending{e, keep})
		}
	}
	add(3, "ування юванню ювання уванню уванням юванням увань ювань увати ювати ував ювала увала ювали ували ував ується юється ує ює ують юють")
	add(4, "ення єння енням енню ень ання янню ання анням янням анню ань")
	add(4, "ість ості істю остей")
	add(3, "ати яти ити іти їти ав яв ив ів ала яла ила іла ало яло ило іло али яли или іли ать ять ить уть ють ете емо имо ите еш иш аємо ають яють ає яє")
	add(3, "ий ого ього ому ьому им ім їм ої ьої ою ьою их іх їх ими іми їми ій")
	add(3, "ами ями ові еві єві ом ем єм ам ям ах ях ів їв ей ою ею єю")
	add(2, "а я у ю и і ї о е є ь й")
	sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
	return list
}()

type ending struct {
	text string
	keep int
}

// stemUkrainian is a light stemmer: it cuts a reflexive ending, then the
// longest ending that leaves enough letters, then folds і before a final
// consonant to о (рік, року).
func stemUkrainian(word string) string {
	word = strings.ReplaceAll(word, "'", "")
	for _, r := range []string{"ся", "сь"} {
		if s, ok := strings.CutSuffix(word, r); ok && utf8.RuneCountInString(s) >= 5 {
			word = s
			break
		}
	}
	for _, e := range ukrainianEndings {
		s, ok := strings.CutSuffix(word, e.text)
		if ok && utf8.RuneCountInString(s) >= e.keep && strings.ContainsAny(s, "аеєиіїоуюя") {
			word = s
			break
		}
	}
	runes := []rune(word)
	if n := len(runes); n >= 3 && runes[n-2] == 'і' && !strings.ContainsRune("аеєиіїоуюя", runes[n-1]) {
		runes[n-2] = 'о'
		word = string(runes)
	}
	return word
}
