// Package files reads files whose paths come from elsewhere, within bounds of memory and time,
// whatever is found there. It owns no file and must never know what one is for.
package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// Most is the largest size of a file that a person writes, of a key and of a list of certificates.
const Most = 1 << 20

// patience is how long a read may block on a pipe.
const patience = 30 * time.Second

// Read returns the content of a regular file of at most limit octets. It refuses a device, a pipe,
// a folder and a file that grows without end, with the reason and without blocking.
func Read(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not an ordinary file")
	case info.Size() > limit:
		return nil, tooLarge(limit)
	}
	// The path may name another file by now.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_ = f.SetReadDeadline(time.Now().Add(patience)) // ordinary files have none
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(b)) > limit:
		return nil, tooLarge(limit)
	}
	return b, nil
}

func tooLarge(limit int64) error { return fmt.Errorf("it is larger than %d MB", max(1, limit>>20)) }
