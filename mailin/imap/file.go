package imap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// File puts a mail into a folder of the inbox's account, read, over a connection of its own; the
// folder is made if it is missing. It is for copies of mail that went out. After an error the mail
// may or may not be there.
func (f *Fetcher) File(ctx context.Context, folder string, raw []byte, at time.Time) error {
	s, err := connect(ctx, &f.cfg, f.dial)
	if err != nil {
		return fmt.Errorf("filing a mail in %s: %w", folder, err)
	}
	defer s.end(true)
	add := func() error {
		return s.do(ctx, "filing a mail in "+folder, time.Duration(len(raw)>>20)*time.Second, func(func(int)) error {
			cmd := s.c.Append(s.folder(folder), int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: at})
			_, written := cmd.Write(raw)
			closed := cmd.Close()
			if _, err := cmd.Wait(); err != nil {
				return err // what the server says tells more than how the writing ended
			}
			return errors.Join(written, closed)
		})
	}
	if err = add(); !refused(err) {
		return err
	}
	if made := s.create(ctx, folder); made != nil {
		return errors.Join(err, made)
	}
	return add()
}
