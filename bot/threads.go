package bot

import "sync"

// thread is a question and what answered it.
type thread struct {
	question string
	after    string // the question before it
	answer   int    // id of the bot's message
}

// threads remembers which question each answer belongs to: a follow-up leans on
// it, an edited question finds its answer, a button its question. It forgets
// the oldest beyond its size.
type threads struct {
	mu    sync.Mutex
	kept  map[threadKey]thread
	order []threadKey
}

// threadKey is how a thread is found.
type threadKey struct {
	chat    int64
	by      keyKind
	message int
}

type keyKind byte

const (
	byAnswer   keyKind = iota // the bot's message
	byQuestion                // the message that asked
	asLast                    // the last of a private chat; message is 0
)

const mostThreads = 20000

func newThreads() *threads { return &threads{kept: make(map[threadKey]thread)} }

// before returns the question that m follows, or "": the one whose answer it
// replies to, in private else the last.
func (t *threads) before(m message) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m.toMe {
		if k, ok := t.kept[threadKey{m.chat, byAnswer, m.replyTo}]; ok {
			return k.question
		}
	}
	if m.private {
		return t.kept[threadKey{m.chat, asLast, 0}].question
	}
	return ""
}

// find returns the thread of a message.
func (t *threads) find(chat int64, by keyKind, message int) (thread, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, ok := t.kept[threadKey{chat, by, message}]
	return k, ok
}

// remember keeps a thread under its answer and under the message that asked.
func (t *threads) remember(m message, k thread) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(threadKey{m.chat, byAnswer, k.answer}, k)
	if m.id != 0 {
		t.put(threadKey{m.chat, byQuestion, m.id}, k)
	}
	if m.private {
		t.put(threadKey{m.chat, asLast, 0}, k)
	}
}

func (t *threads) put(key threadKey, k thread) {
	if _, ok := t.kept[key]; !ok {
		t.order = append(t.order, key)
	}
	t.kept[key] = k
	for len(t.kept) > mostThreads {
		delete(t.kept, t.order[0])
		t.order = t.order[1:]
	}
}

// forget drops what is known of a chat.
func (t *threads) forget(chat int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.order[:0]
	for _, key := range t.order {
		if key.chat == chat {
			delete(t.kept, key)
			continue
		}
		kept = append(kept, key)
	}
	t.order = kept
}
