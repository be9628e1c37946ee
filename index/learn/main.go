// Command learn learns the weights of the ranker from questions with gold and
// writes index/data/ranker.json:
//
//	go run ./index/learn -bench ../shared/bench
//
// Five models are learned one after another, each on what the ones before it
// give: a sentence by itself (linear), the passage, the sentence and what is to
// stand behind the best quote (the mean of three networks with a small hidden
// layer; listwise softmax cross-entropy, Adam, dropout), and whether the answer is
// on record at all (the mean of a logistic regression whose weights keep their
// signs and a network with a small hidden layer). Questions that must be refused are
// made by taking half of the articles, or two paragraphs in five, out of a
// collection and asking what they answered.
//
// The weights in index/data were learned with -sample 3000.
//
// With -cross the news sets are held out event by event and the answers to the
// event left out are measured; nothing is written.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"onrecord/index"
	"onrecord/index/weights"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "learn:", err)
		os.Exit(2)
	}
}

// options are the flags.
type options struct {
	bench, out string
	sets       string
	hidden     int
	gate       int
	nets       int
	epochs     int
	sample     int
	news       float64
	lacking    float64
	without    string
	cross      bool
	from       string
	rarity     bool
	seed       int64
}

func run(ctx context.Context, args []string) error {
	var o options
	flags := flag.NewFlagSet("learn", flag.ContinueOnError)
	flags.StringVar(&o.bench, "bench", "../shared/bench", "folder of the tuning sets")
	flags.StringVar(&o.sets, "sets", "index/learn/sets", "folder of the news sets written for this command")
	flags.StringVar(&o.out, "out", "index/data/ranker.json", "file to write")
	flags.IntVar(&o.hidden, "hidden", 8, "hidden units")
	flags.IntVar(&o.gate, "gate", 8, "hidden units of the last model")
	flags.IntVar(&o.nets, "nets", 3, "networks of which the mean is taken")
	flags.IntVar(&o.epochs, "epochs", 10, "passes over the questions")
	flags.IntVar(&o.sample, "sample", 0, "questions of the large set that are used; 0 for all")
	flags.Float64Var(&o.news, "news", 4, "weight of a question of the news sets")
	flags.Float64Var(&o.lacking, "lacking", .5, "weight of a question of the sets in which answering sentences are gone")
	flags.StringVar(&o.without, "without", "", "a set to leave out, to measure on it")
	flags.StringVar(&o.from, "from", "", "take all models but the last from this file")
	flags.BoolVar(&o.cross, "cross", false, "cross-validate by event instead of writing")
	flags.BoolVar(&o.rarity, "rarity", false, "make index/data/rarity.tsv instead")
	flags.Int64Var(&o.seed, "seed", 1, "of the random numbers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.rarity {
		return writeRarity(filepath.Join(o.bench, "frequency"), "index/data/rarity.tsv")
	}
	collections, clean, err := load(ctx, o)
	if err != nil {
		return err
	}
	defer clean()
	if o.cross {
		return crossValidate(ctx, o, collections)
	}
	learned, err := learn(ctx, o, collections, os.Stderr)
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, learned, 0o644)
}

// model is the file that the index reads.
type model struct {
	Note      string          `json:"note"`
	Own       weights.Network `json:"own"`
	Passage   weights.Network `json:"passage"`
	Sentence  weights.Network `json:"sentence"`
	Sides     weights.Network `json:"sides"`
	OnRecord  weights.Network `json:"on_record"`
	Threshold float64         `json:"threshold"`
}

const note = "Learned by go run ./index/learn from SQuADShifts new-wiki (CC BY 4.0, text CC BY-SA), TyDi QA GoldP English and Russian " +
	"(Apache 2.0, text CC BY-SA) and invented news sets written for this project; numbers only. XQuAD and the founding article were held out."

func (w *model) encode() ([]byte, error) {
	w.Note = note
	for _, n := range []*weights.Network{&w.Own, &w.Passage, &w.Sentence, &w.Sides, &w.OnRecord} {
		roundAll(n)
	}
	b, err := json.Marshal(w)
	return append(b, '\n'), err
}

// learn learns all models from the collections.
func learn(ctx context.Context, o options, collections []*collection, log *os.File) ([]byte, error) {
	names := index.InputNames()
	w := &model{Own: linear(names["own"]), Passage: linear(names["passage"]), Sentence: linear(names["sentence"]), Sides: linear(names["sides"]), OnRecord: linear(names["on_record"]), Threshold: .5}
	stages := []struct {
		name   string
		net    *weights.Network
		hidden int
		lists  func([]gathered) []list
	}{
		{"own", &w.Own, 0, ownLists}, {"passage", &w.Passage, o.hidden, passageLists}, {"sentence", &w.Sentence, o.hidden, sentenceLists},
		{"sides", &w.Sides, o.hidden / 2, sidesLists},
	}
	if o.from != "" {
		raw, err := os.ReadFile(o.from)
		if err != nil {
			return nil, err
		}
		var old model
		if err := json.Unmarshal(raw, &old); err != nil {
			return nil, err
		}
		w.Own, w.Passage, w.Sentence, w.Sides, stages = old.Own, old.Passage, old.Sentence, old.Sides, nil
	}
	for _, s := range stages {
		found, err := gather(ctx, collections, w, false)
		if err != nil {
			return nil, err
		}
		lists := s.lists(found)
		nets := make([]weights.Network, 1)
		if s.hidden > 0 {
			nets = make([]weights.Network, o.nets)
		}
		for i := range nets {
			nets[i] = trainLists(names[s.name], lists, s.hidden, o.epochs, o.seed+int64(i))
		}
		*s.net = averaged(nets...)
		fmt.Fprintf(log, "%-9s %6d lists, first right %.4f\n", s.name, len(lists), hitRate(s.net, lists))
	}
	found, err := gather(ctx, collections, w, true)
	if err != nil {
		return nil, err
	}
	points := recordPoints(found)
	w.OnRecord = trainLogistic(names["on_record"], points, 0, o.seed)
	if o.gate > 0 {
		w.OnRecord = averaged(w.OnRecord, trainLogistic(names["on_record"], points, o.gate, o.seed))
	}
	w.Threshold = thresholdFor(&w.OnRecord, points)
	fmt.Fprintf(log, "%-9s %6d points, auroc %.4f, threshold %.3f\n", "on record", len(points), auroc(&w.OnRecord, points), w.Threshold)
	return w.encode()
}

// crossValidate holds out one event of the news sets after another.
func crossValidate(ctx context.Context, o options, collections []*collection) error {
	var events []string
	for _, c := range collections {
		if c.event != "" && !slices.Contains(events, c.event) {
			events = append(events, c.event)
		}
	}
	var all []measured
	for _, event := range events {
		var rest []*collection
		for _, c := range collections {
			if c.event != event && (!c.mixed || !strings.Contains(c.mixedOf, event)) {
				rest = append(rest, c)
			}
		}
		w, err := learn(ctx, o, rest, os.Stderr)
		if err != nil {
			return err
		}
		for _, c := range collections {
			if c.event == event && c.events {
				m, err := c.measure(ctx, w)
				if err != nil {
					return err
				}
				all = append(all, m)
				fmt.Printf("%-12s %s\n", event, m)
			}
		}
	}
	fmt.Printf("%-12s %s\n", "all", mean(all))
	return nil
}

func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	p := math.Pow(10, 4-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*p) / p
}

func folders(parent string) string { return filepath.Join(parent, "articles") }
