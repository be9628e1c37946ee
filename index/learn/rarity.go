package main

import (
	"bufio"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"onrecord/index"
)

// rarityScale is the logarithm of the share of a word that counts as rare as
// can be: one in 24 million.
const rarityScale = 17

const rarityNote = "# How rare the stems of a language are: language<TAB>class, in twentieths of the largest rarity<TAB>stems. " +
	"Made by go run ./index/learn -rarity from the 20,000 most frequent words of hermitdave/FrequencyWords (CC BY-SA 4.0); this file is under that licence. Sorted.\n"

// writeRarity makes the table of rarities from lists of words and how often
// they stand in a large collection, one a line.
func writeRarity(lists, out string) error {
	var b strings.Builder
	b.WriteString(rarityNote)
	for _, lang := range []string{"de", "en", "es", "ru", "uk"} {
		classes, err := rarityClasses(filepath.Join(lists, lang+".txt"), lang)
		if err != nil {
			return err
		}
		for _, class := range slices.Sorted(maps.Keys(classes)) {
			fmt.Fprintf(&b, "%s\t%02d\t%s\n", lang, class, strings.Join(slices.Sorted(slices.Values(classes[class])), " "))
		}
	}
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

func rarityClasses(name, lang string) (map[int][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	times, total := make(map[string]float64), 0.0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		word, count, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.ParseFloat(count, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		total += n
		if stem := index.Stem(word, lang); !strings.ContainsAny(stem, "\t ") {
			times[stem] += n
		}
	}
	classes := make(map[int][]string)
	for stem, n := range times {
		class := int(math.Round(min(1, math.Log(total/n)/rarityScale) * index.RarityClasses))
		classes[class] = append(classes[class], stem)
	}
	return classes, lines.Err()
}
