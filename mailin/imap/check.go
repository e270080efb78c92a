package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Checked is what Check found.
type Checked struct {
	Login        string   // the mechanism that was used
	Capabilities []string // sorted
	Folders      []CheckedFolder
	// Notes are what an admin should know even though everything works, e.g. that the server lacks
	// IDLE.
	Notes []string
}

// CheckedFolder is a folder that was examined.
type CheckedFolder struct {
	Name     string
	Messages uint32
	Made     bool // the folder of `after: move:` was missing and has been created
}

// Check logs in and verifies that the inbox can be watched: its folders, the server's capabilities,
// and the folder to move mail to, which it creates if it is missing. It fetches no mail and marks
// none. The error lists everything found wrong, as far as Check got.
func (f *Fetcher) Check(ctx context.Context) (Checked, error) {
	s, err := connect(ctx, &f.cfg, f.dial)
	if err != nil {
		return Checked{}, err
	}
	defer s.end(true)
	out := Checked{Login: s.mechanism}
	for c := range s.caps {
		out.Capabilities = append(out.Capabilities, string(c))
	}
	slices.Sort(out.Capabilities)
	var errs []error
	for _, folder := range f.cfg.Folders {
		data, err := s.open(ctx, folder.Name, true)
		switch {
		case refused(err):
			errs = append(errs, fmt.Errorf("folder %s: %w%s", folder.Name, err, s.hint(ctx)))
		case err != nil:
			return out, errors.Join(append(errs, err)...)
		default:
			out.Folders = append(out.Folders, CheckedFolder{Name: folder.Name, Messages: data.NumMessages})
			if data.UIDValidity == 0 {
				out.Notes = append(out.Notes,
					fmt.Sprintf("folder %s has no UIDVALIDITY: mail could be mistaken after it was rebuilt", folder.Name))
			}
		}
	}
	if f.cfg.After.Way == Move {
		made := CheckedFolder{Name: f.cfg.After.Folder}
		data, err := s.open(ctx, f.cfg.After.Folder, true)
		if refused(err) {
			if err = s.create(ctx, f.cfg.After.Folder); err == nil {
				made.Made = true
				data, err = s.open(ctx, f.cfg.After.Folder, true)
			}
		}
		switch {
		case refused(err):
			errs = append(errs,
				fmt.Errorf("folder %s, to which mail is moved, can be neither opened nor created: %w", f.cfg.After.Folder, err))
		case err != nil:
			return out, errors.Join(append(errs, err)...)
		default:
			made.Messages = data.NumMessages
			out.Folders = append(out.Folders, made)
		}
		switch {
		case s.caps.Has(imap.CapMove):
		case s.caps.Has(imap.CapUIDPlus):
			out.Notes = append(out.Notes, "the server has no MOVE: mail is copied and then removed")
		default:
			out.Notes = append(out.Notes, "the server has neither MOVE nor UIDPLUS: moved mail stays behind, flagged as deleted, until somebody expunges the folder")
		}
	}
	if !s.caps.Has(imap.CapIdle) {
		out.Notes = append(out.Notes, fmt.Sprintf("the server has no IDLE: it is asked for mail every %v", f.cfg.PollEvery))
	}
	return out, errors.Join(errs...)
}

// hint lists the existing folders, for an admin who has misspelt one.
func (s *session) hint(ctx context.Context) string {
	var names []string
	err := s.do(ctx, "listing folders", 0, func(func(int)) error {
		list, err := s.c.List("", "*", nil).Collect()
		for _, l := range list {
			names = append(names, l.Mailbox)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	if len(names) > 20 {
		names = append(names[:20], "…")
	}
	return " (there are: " + strings.Join(names, ", ") + ")"
}
