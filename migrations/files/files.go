// Package files reads files that others name: whatever lies there, it takes no more than so much
// memory and time. It owns no file and must never know what one is for.
package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// Most is how large a file may be that a person wrote, a key or a list of certificates.
const Most = 1 << 20

// patience is how long a pipe may keep a reader.
const patience = 30 * time.Second

// Read returns what is in an ordinary file of at most limit octets. A device, a pipe, a folder or a
// file that grows without end is refused with the reason, without waiting for it.
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
	// It may be another one by now.
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
