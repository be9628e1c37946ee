package index

import "context"

// Example is what the models see of one question, for learning their weights.
type Example struct {
	Passages []ExamplePassage // in the order of the passage model
	Windows  int              // quotes that would be chosen
	Best     string           // the best quote
	Others   []ExampleWindow  // what may stand behind it, in the order of their chances
	OnRecord []float64        // inputs of the model that decides whether to answer
}

// ExampleWindow is a quote that may stand behind the best one.
type ExampleWindow struct {
	Text   string
	Inputs []float64
}

// ExamplePassage is one candidate of an example.
type ExamplePassage struct {
	Article   string
	Paragraph int
	Inputs    []float64
	Sentences []ExampleSentence
}

// ExampleSentence is one sentence of a candidate. Inputs is nil where its
// passage is not among those whose sentences compete.
type ExampleSentence struct {
	Text        string
	Own, Inputs []float64
}

// InputNames returns the names of the inputs of the models of a ranker: own,
// passage, sentence, sides, on_record.
func InputNames() map[string][]string {
	return map[string][]string{"own": unitNames(), "passage": passageInputs(), "sentence": sentenceInputs(), "sides": sidesInputs(), "on_record": recordInputs()}
}

// SetRanker takes weights in the form of data/ranker.json for the questions
// that follow. It waits for none under way: call it between questions.
func (x *Index) SetRanker(weights []byte) error {
	r, err := parseRanker(weights)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.ranker = r
	if x.serving != nil {
		x.serving.ranker = r
	}
	x.mu.Unlock()
	return nil
}

// Example ranks the candidates of a question and returns what the models saw.
func (x *Index) Example(ctx context.Context, q Question) (Example, error) {
	var e Example
	s := x.acquire()
	if s == nil {
		return e, errClosed
	}
	defer x.release(s)
	k, err := s.answerRanking(ctx, q)
	if err != nil || len(k.passages) == 0 {
		return e, err
	}
	for i, p := range k.passages {
		out := ExamplePassage{Article: p.meta.ID, Paragraph: p.passage.paragraph, Inputs: k.inputs[i].passage}
		for j, u := range p.sentences {
			es := ExampleSentence{Text: p.passage.text[u.span.Start:u.span.End], Own: k.inputs[i].own[j]}
			if i < k.competing() {
				es.Inputs = k.inputs[i].sentence[j]
			}
			out.Sentences = append(out.Sentences, es)
		}
		e.Passages = append(e.Passages, out)
	}
	if windows := k.choose(defaultLimit); len(windows) > 0 {
		e.Windows, e.OnRecord = len(windows), recordVector(k, windows)
	}
	if windows := k.joinDuplicates(k.windows(windowsFor(defaultLimit))); len(windows) > 0 {
		e.Best = k.text(windows[0])
		for i, x := range k.sidesVectors(windows) {
			e.Others = append(e.Others, ExampleWindow{k.text(windows[i+1]), x})
		}
	}
	return e, nil
}

func (k *ranking) text(w window) string {
	return k.passages[w.rank].passage.text[w.span.Start:w.span.End]
}
