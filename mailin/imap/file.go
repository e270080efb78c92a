package imap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// File stores a mail, marked as read, in a folder of the inbox's account, over a connection of its
// own. It creates the folder if it is missing. It is meant for copies of sent mail. After an error
// the mail may or may not have been stored.
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
				return err // the server's response says more than the write error
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
