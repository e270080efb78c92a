package token

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"tierdesk/migrations/sqldb"
)

// Keyring holds the secrets of a desk: the first signs, all verify. It is immutable and safe for
// concurrent use.
type Keyring struct{ keys []key }

type key struct {
	id     int64
	secret []byte
}

// TopicKeys is woken when the keys have changed, so that they are loaded again.
const TopicKeys = "keys"

const secretSize = 32

// New makes a keyring from secrets, newest first, numbered downwards to 1. It is for tests and for
// commands without a database.
func New(secrets ...[]byte) (*Keyring, error) {
	if len(secrets) == 0 {
		return nil, errors.New("a keyring needs a key")
	}
	k := &Keyring{}
	for i, s := range secrets {
		if len(s) < 16 {
			return nil, errors.New("a key needs at least 16 octets")
		}
		k.keys = append(k.keys, key{id: int64(len(secrets) - i), secret: s})
	}
	return k, nil
}

// Load reads the keys that are not retired. If there are none it makes the first one, so the first
// call needs a writing transaction. It may be called in several transactions concurrently.
func Load(tx *sqldb.Tx) (*Keyring, error) {
	k, err := read(tx)
	if err != nil || len(k.keys) > 0 {
		return k, err
	}
	// Daemons that start together agree on number 1: one inserts it, the others read it.
	if err := insert(tx, 1); err != nil {
		return nil, err
	}
	k, err = read(tx)
	if err == nil && len(k.keys) == 0 {
		// All have been retired, which Retire does not do: a desk without keys could not know its
		// own mail.
		return Rotate(tx)
	}
	return k, err
}

// Rotate makes a new key, which signs from then on; the others continue to verify. Other processes
// are notified by TopicKeys.
func Rotate(tx *sqldb.Tx) (*Keyring, error) {
	var last int64
	if err := tx.Get(&last, `SELECT COALESCE(MAX(id), 0) FROM keys`); err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	if err := insert(tx, last+1); err != nil {
		return nil, err
	}
	tx.Wake(TopicKeys)
	return read(tx)
}

// Retire retires the keys that were superseded before the given time and returns their number: what
// they have signed is no longer accepted. The newest key always stays. A key made while the clock
// was ahead counts as older.
func Retire(tx *sqldb.Tx, before time.Time) (int64, error) {
	n, err := tx.Exec(`UPDATE keys SET retired = ? WHERE retired IS NULL AND EXISTS (SELECT 1 FROM keys newer WHERE newer.id > keys.id AND (newer.created < ? OR newer.created > ?))`,
		sqldb.At(tx.Now()), sqldb.At(before), sqldb.At(tx.Latest()))
	if err != nil {
		return 0, fmt.Errorf("retiring keys: %w", err)
	}
	if n > 0 {
		tx.Wake(TopicKeys)
	}
	return n, nil
}

func read(tx *sqldb.Tx) (*Keyring, error) {
	var rows []struct {
		ID     int64  `db:"id"`
		Secret []byte `db:"secret"`
	}
	if err := tx.Select(&rows, `SELECT id, secret FROM keys WHERE retired IS NULL ORDER BY id DESC`); err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	k := &Keyring{}
	for _, r := range rows {
		k.keys = append(k.keys, key{id: r.ID, secret: r.Secret})
	}
	return k, nil
}

func insert(tx *sqldb.Tx, id int64) error {
	secret := make([]byte, secretSize)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	if _, err := tx.Exec(`INSERT INTO keys (id, secret, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, id, secret,
		sqldb.At(tx.Now())); err != nil {
		return fmt.Errorf("storing a key: %w", err)
	}
	return nil
}
