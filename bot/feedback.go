package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// feedback counts ratings. With a data folder they are kept there, a line each,
// with the quotes that they are about and without who gave them. The text of
// questions is kept apart from them, and only where the operator says so, in
// the form that onrecord eval reads.
type feedback struct {
	ratings, questions string // files; empty for none
	mu                 sync.Mutex
	good, bad          int
	voters             map[voter]bool // what somebody has said of an answer
	pruned             time.Time
}

// rating is a line of the file of ratings.
type rating struct {
	Time      time.Time `json:"time"`
	Good      bool      `json:"good"`
	Changed   bool      `json:"changed,omitempty"` // takes the place of the opposite one
	Article   string    `json:"article"`
	Paragraph int       `json:"paragraph"`
	Start     int       `json:"start"`
	End       int       `json:"end"`
}

// voter is somebody under an answer.
type voter struct {
	chat    int64
	message int
	person  int64
}

// keptQuestion is a line of the file of questions. A quote that was found
// helpful is its gold.
type keptQuestion struct {
	Time       time.Time `json:"time"`
	ID         string    `json:"id"`
	Question   string    `json:"question"`
	Kind       string    `json:"kind"` // helpful, unhelpful
	Article    string    `json:"article,omitempty"`
	Paragraph  int       `json:"paragraph"`
	Gold       []string  `json:"gold,omitempty"`
	Answerable bool      `json:"answerable"`
}

const (
	ratingsFile   = "ratings.jsonl"
	questionsFile = "questions.jsonl"
	keepFor       = 90 * 24 * time.Hour // the text of questions
	pruneEvery    = 24 * time.Hour
)

// openFeedback opens the ratings in dir; with an empty dir they are only
// counted. Questions that were kept before are removed where keep is false.
func openFeedback(dir string, keep bool) (*feedback, error) {
	f := &feedback{voters: make(map[voter]bool)}
	if dir == "" {
		return f, nil
	}
	f.ratings = filepath.Join(dir, ratingsFile)
	err := eachJSON(f.ratings, func(r rating) { f.count(r) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.ratings, err)
	}
	questions := filepath.Join(dir, questionsFile)
	if !keep {
		if err := os.Remove(questions); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s holds questions, KEEP_QUESTIONS says not to keep them, and they cannot be removed: %w", questions, err)
		}
		return f, nil
	}
	f.questions = questions
	return f, f.prune(time.Now())
}

func (f *feedback) count(r rating) {
	up, down := &f.good, &f.bad
	if !r.Good {
		up, down = down, up
	}
	*up++
	if r.Changed && *down > 0 {
		*down--
	}
}

// rate counts a rating. Saying the same of an answer again counts nothing.
func (f *feedback) rate(r rating, by voter, asked thread, quote string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	said, before := f.voters[by]
	if before && said == r.Good {
		return nil
	}
	r.Time, r.Changed = time.Now().UTC().Truncate(time.Second), before
	if err := appendJSON(f.ratings, r); err != nil {
		return err
	}
	f.count(r)
	if len(f.voters) >= mostPeople {
		clear(f.voters)
	}
	f.voters[by] = r.Good
	if f.questions == "" || asked.question == "" {
		return nil
	}
	if r.Time.Sub(f.pruned) > pruneEvery {
		if err := f.prune(r.Time); err != nil {
			return err
		}
	}
	q := keptQuestion{Time: r.Time, ID: fmt.Sprintf("%d-%d", r.Time.Unix(), len(f.voters)), Question: asked.question, Kind: "unhelpful", Answerable: true}
	if r.Good {
		q.Kind, q.Article, q.Paragraph, q.Gold = "helpful", r.Article, r.Paragraph, []string{quote}
	}
	return appendJSON(f.questions, q)
}

// prune drops questions that are older than keepFor.
func (f *feedback) prune(now time.Time) error {
	f.pruned = now
	var lines []byte
	dropped := false
	err := eachJSON(f.questions, func(q keptQuestion) {
		if now.Sub(q.Time) > keepFor {
			dropped = true
			return
		}
		b, err := json.Marshal(q)
		if err == nil {
			lines = append(append(lines, b...), '\n')
		}
	})
	if err != nil || !dropped {
		return err
	}
	next := f.questions + ".tmp"
	return errors.Join(os.WriteFile(next, lines, 0o600), os.Rename(next, f.questions))
}

// keeps reports whether the text of questions is kept.
func (f *feedback) keeps() bool { return f.questions != "" }

func (f *feedback) counts() (good, bad int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.good, f.bad
}
