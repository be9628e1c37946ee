package bot

import "sync"

// threads remembers which question came before, so that a follow-up can lean
// on it: in private the last one of the chat, in a group the one that the
// message replied to answers. It forgets the oldest beyond its size.
type threads struct {
	mu    sync.Mutex
	texts map[threadKey]string
	order []threadKey
}

// threadKey is a message of the bot, or message 0 for the last question of a
// private chat.
type threadKey struct {
	chat    int64
	message int
}

const mostThreads = 10000

func newThreads() *threads { return &threads{texts: make(map[threadKey]string)} }

// before returns the question that m follows, or "".
func (t *threads) before(m message) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m.toMe {
		if q, ok := t.texts[threadKey{m.chat, m.replyTo}]; ok {
			return q
		}
	}
	if m.private {
		return t.texts[threadKey{m.chat, 0}]
	}
	return ""
}

// remember keeps a question under the message that answers it.
func (t *threads) remember(m message, sent int, question string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(threadKey{m.chat, sent}, question)
	if m.private {
		t.put(threadKey{m.chat, 0}, question)
	}
}

func (t *threads) put(k threadKey, question string) {
	if _, ok := t.texts[k]; !ok {
		t.order = append(t.order, k)
	}
	t.texts[k] = question
	if len(t.order) > mostThreads {
		delete(t.texts, t.order[0])
		t.order = t.order[1:]
	}
}
