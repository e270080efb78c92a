// Package child starts programs that tests need, such as real servers, and that must never outlive
// the test process. It owns the mechanism that ties a program to the life of that process. It must
// never know what the program does.
package child

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Command is a program to start.
type Command struct {
	Path string   // the program
	Args []string // without the program's name
	Dir  string   // its own folder, which is removed with its contents when the program has ended
	// User runs the program and owns Dir; "" is the user of the test. Only root may name another
	// user.
	User string
	// Signal is sent to the program and its children to end them; 0 is SIGTERM. After a second they
	// are killed.
	Signal syscall.Signal
}

// Process is a running program. Its methods are safe for concurrent use.
type Process struct {
	guard *exec.Cmd
	// life is the file descriptor of this process's end of the pipe. It is not an *os.File, since
	// the garbage collector would close that when it is no longer referenced, and the program would
	// end.
	life int
	end  sync.Once
	log  string
}

// guard is the script of the program's parent. It waits for the end of its input, which the kernel
// closes when the test process ends in any way, and then ends the program. It is a shell script so
// that nothing has to be built first. It lowers the limit of open files, since old servers close
// every possible file descriptor, one by one, when they start.
const guard = `
signal=$1; dir=$2; shift 2
ulimit -S -n 4096
setsid "$@" </dev/null >>"$dir/log" 2>&1 3>&- &
pid=$!
trap '' INT HUP TERM QUIT
read -r _ <&3
kill -s "$signal" -- "-$pid"
i=0
while kill -0 "$pid" 2>/dev/null && [ $i -lt 20 ]; do sleep 0.05; i=$((i+1)); done
kill -s KILL -- "-$pid"
wait "$pid"
cd /
rm -rf "$dir"
`

// Start starts the program. The program ends when this process ends, in whatever way, if not
// before.
func Start(c Command) (*Process, error) {
	signal := "TERM"
	switch c.Signal {
	case 0, syscall.SIGTERM:
	case syscall.SIGINT:
		signal = "INT"
	case syscall.SIGQUIT:
		signal = "QUIT"
	default:
		return nil, fmt.Errorf("starting %s: no name for signal %d", c.Path, c.Signal)
	}
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	read := os.NewFile(uintptr(pipe[0]), "life")
	defer read.Close()
	// No pipes other than this one, and no goroutine: a test may check for leaked goroutines while
	// the program runs.
	cmd := exec.Command("/bin/sh", append([]string{"-c", guard, "guard", signal, c.Dir, c.Path}, c.Args...)...)
	cmd.ExtraFiles = []*os.File{read}
	cmd.Dir = c.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // ^C goes to the test, which then ends the program
	var err error
	if cmd.SysProcAttr.Credential, err = credential(c.User); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", c.Path, err), syscall.Close(pipe[1]))
	}
	return &Process{guard: cmd, life: pipe[1], log: filepath.Join(c.Dir, "log")}, nil
}

// Stop ends the program, waits for it and removes its folder. It may be called more than once.
func (p *Process) Stop() {
	p.end.Do(func() {
		syscall.Close(p.life)
		p.guard.Wait() // the status of a program that was told to end is of no interest
	})
}

// Log returns what the program has printed so far.
func (p *Process) Log() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Run runs a program in a folder, as the given user ("" for the current one), and waits for it. The
// error contains its output.
func Run(runAs, dir, path string, args ...string) error {
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cred, err := credential(runAs)
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s: %w\n%s", path, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Folder makes a folder for a program, with a path short enough for sockets, owned by the user (""
// for the current one).
func Folder(name, owner string) (string, error) {
	base := os.TempDir()
	if len(base) > 60 {
		base = "/tmp" // the path of a socket may have 107 bytes
	}
	return folderIn(base, name, owner)
}

// room is the free space in memory that a program's files need at most.
const room = 2 << 30

// FolderInMemory is like Folder, for a program that writes many files of no value. The folder is in
// memory if the system has room for files there, as Linux usually has.
func FolderInMemory(name, owner string) (string, error) {
	const base = "/dev/shm"
	var fs syscall.Statfs_t
	if err := syscall.Statfs(base, &fs); err != nil || fs.Bavail < uint64(room/fs.Bsize) {
		return Folder(name, owner)
	}
	return folderIn(base, name, owner)
}

func folderIn(base, name, owner string) (string, error) {
	dir, err := os.MkdirTemp(base, "tierdesk-"+name+"-")
	if err != nil {
		return "", fmt.Errorf("making a folder: %w", err)
	}
	give, err := Owner(owner)
	if err == nil {
		err = give(dir)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("making a folder for %s: %w", owner, err), os.RemoveAll(dir))
	}
	return dir, nil
}

// Owner returns a function that makes a file or folder belong to the user. For "", the current
// user, that function does nothing.
func Owner(name string) (func(path string) error, error) {
	cred, err := credential(name)
	if err != nil {
		return nil, err
	}
	return func(path string) error {
		if cred == nil {
			return nil
		}
		return os.Chown(path, int(cred.Uid), int(cred.Gid))
	}, nil
}

// Find returns the path of a program: from PATH, else from the given folders (patterns), the last
// match in order.
func Find(name string, folders ...string) (string, bool) {
	if path, err := exec.LookPath(name); err == nil {
		return path, true
	}
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(folder, name))
		if err == nil && len(found) > 0 {
			return found[len(found)-1], true
		}
	}
	return "", false
}

// Wait calls ready repeatedly until it returns nil. If that takes longer than limit, Wait returns
// the last error.
func Wait(limit time.Duration, ready func() error) error {
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		err := ready()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

func credential(name string) (*syscall.Credential, error) {
	if name == "" || os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", name, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
