package index

import "context"

// thread is what a follow-up leans on beside the question before it: the
// passage that answered that one.
type thread struct {
	passage int // its number, or -1
	article int
}

const (
	// threadReach is how many passages before and behind the one that answered
	// are looked at for a follow-up.
	threadReach = 2
	// threadWeight is the weight of a name that the answer brought up.
	threadWeight = .35
	threadNames  = 4
)

// follow answers the question before, so that "what time was that?" is looked
// for where that stands, and "did he get anything?" for whom it named.
func (r *record) follow(ctx context.Context, q *query, after string) error {
	k, err := r.answerRanking(ctx, Question{Text: after})
	if err != nil {
		return err
	}
	windows := k.windows(1)
	if len(windows) == 0 {
		return nil
	}
	w := windows[0]
	s := k.passages[w.rank]
	q.thread.passage, q.thread.article = s.number, s.passage.article
	u, names := &s.sentences[w.best], 0
	for i := 1; i < len(u.tokens) && names < threadNames && len(q.concepts) < mostConcepts; i++ {
		t := u.tokens[i]
		if !t.upper || isStop(s.meta.Language, t.word) || anyMatch(u.words[i].sims) || q.has(t.term) {
			continue
		}
		c := newConcept(t, threadWeight)
		c.name, c.carried, c.rarity = true, true, 1
		q.concepts = append(q.concepts, c)
		names++
	}
	return nil
}

// has reports whether a concept of the question is of the term.
func (q *query) has(term string) bool {
	for i := range q.concepts {
		if q.concepts[i].term == term {
			return true
		}
	}
	return false
}

// neighbours adds the passages about the one that answered the question before
// to the candidates.
func (t *thread) neighbours(to []candidate, passages int) []candidate {
	have := make(map[int]bool, len(to))
	for _, c := range to {
		have[c.number] = true
	}
	for n := max(0, t.passage-threadReach); n <= min(passages-1, t.passage+threadReach); n++ {
		if !have[n] {
			to = append(to, candidate{doc: -1, number: n})
		}
	}
	return to
}

// nearness is how near to the answer before a passage stands, 0 to 1.
func (t *thread) nearness(number, article int) float64 {
	switch {
	case t == nil || t.passage < 0 || article != t.article:
		return 0
	case number == t.passage:
		return 1
	case number-t.passage <= threadReach && t.passage-number <= threadReach:
		return .7
	}
	return .4
}
