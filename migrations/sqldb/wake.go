package sqldb

import (
	"fmt"
	"sync"
	"time"

	"github.com/lib/pq"
)

// topics wakes subscribers. A wake-up is a hint without content: the subscriber looks for work in
// the database.
type topics struct {
	mu          sync.Mutex
	subscribers map[string]map[chan struct{}]bool
}

// Subscribe returns a channel that receives a value when a transaction that woke the topic
// (Tx.Wake) has been committed, and a function that ends the subscription. Values do not queue up:
// one pending wake-up is enough. Wake-ups from other processes may be late or missing, so a loop
// should sleep for no more than a few seconds.
func (db *DB) Subscribe(topic string) (<-chan struct{}, func()) {
	if db.kind == Postgres {
		db.listen()
	}
	ch := make(chan struct{}, 1)
	t := &db.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.subscribers[topic] == nil {
		t.subscribers[topic] = map[chan struct{}]bool{}
	}
	t.subscribers[topic][ch] = true
	return ch, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.subscribers[topic], ch)
	}
}

func (t *topics) wake(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ch := range t.subscribers[topic] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (t *topics) wakeAll() {
	t.mu.Lock()
	all := make([]string, 0, len(t.subscribers))
	for topic := range t.subscribers {
		all = append(all, topic)
	}
	t.mu.Unlock()
	for _, topic := range all {
		t.wake(topic)
	}
}

const channel = "tierdesk"

// notify queues the notifications for other processes on PostgreSQL, which are sent with the
// commit.
func (tx *Tx) notify() error {
	for topic := range tx.wake {
		if _, err := tx.tx.ExecContext(tx.stmt, "SELECT pg_notify($1, $2)", channel, topic); err != nil {
			return fmt.Errorf("notifying other daemons: %w", err)
		}
	}
	return nil
}

// listen relays the notifications of other processes. It starts with the first subscriber, since
// most commands subscribe to nothing and each would hold a connection for it. Without a connection
// there are no notifications; subscribers look for work by themselves.
func (db *DB) listen() {
	db.listening.Lock()
	defer db.listening.Unlock()
	select {
	case <-db.done:
		return
	default:
	}
	if db.listener != nil {
		return
	}
	db.listener = pq.NewListener(db.dsn, time.Second, time.Minute, nil)
	db.relay.Add(1)
	go func() {
		defer db.relay.Done()
		if err := db.listener.Listen(channel); err != nil {
			select {
			case <-db.done:
			default:
				db.log.Warn("listening for notifications of the database", "error", err)
			}
		}
	}()
	db.relay.Add(1)
	go func() {
		defer db.relay.Done()
		for {
			select {
			case <-db.done:
				return
			case n, open := <-db.listener.Notify:
				switch {
				case !open:
					return
				case n == nil: // reconnected: notifications may have been missed
					db.topics.wakeAll()
				default:
					db.topics.wake(n.Extra)
				}
			}
		}
	}()
}
