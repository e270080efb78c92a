// Package process gives processes ids by which another process on the same machine can determine
// for certain whether they are alive. It owns what the system reports about a process. It must
// never know what a process holds: leases and claims are owned by other packages. It changes
// nothing.
package process

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// ID returns a unique id of this process: run, which is chosen by the caller and may be empty,
// followed by Of. No other run of the program ever has the same id.
func ID(run string) string { return run + "@" + Of(os.Getpid()) }

// Of identifies a process of this machine by boot, PID namespace, PID and start time, so that no
// later one with the same PID is taken for it. It returns "" if the system does not provide that
// (not Linux).
func Of(pid int) string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	_, start, ok := stat(pid)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%s:%d:%s", strings.TrimSpace(string(boot)), strings.Trim(space, "pid:[]"), pid, start)
}

// Dead reports whether the id belongs to a process of this machine that has ended, so that nobody
// need wait for what it held. In doubt it returns false.
func Dead(id string) bool {
	_, there, _ := strings.Cut(id, "@")
	here := strings.Split(Of(os.Getpid()), ":")
	parts := strings.Split(there, ":")
	if len(parts) != 4 || len(here) != 4 || parts[0] != here[0] || parts[1] != here[1] {
		return false
	}
	pid, err := strconv.Atoi(parts[2])
	if err != nil {
		return false
	}
	if _, err := os.Stat("/proc/" + strconv.Itoa(pid)); os.IsNotExist(err) {
		// /proc may hide the processes of other users (hidepid of proc(5), ProtectProc of
		// systemd.exec(5)); they cannot hide from a signal.
		p, err := os.FindProcess(pid)
		return err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
	}
	state, start, ok := stat(pid)
	return ok && (start != parts[3] || state == "Z" || state == "X")
}

// stat reads the state and start time of a process from /proc (proc_pid_stat(5), fields 3 and 22).
func stat(pid int) (state, start string, ok bool) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", "", false
	}
	// The name in brackets may contain anything, including brackets.
	i := strings.LastIndexByte(string(b), ')')
	if i < 0 {
		return "", "", false
	}
	fields := strings.Fields(string(b[i+1:]))
	if len(fields) < 20 {
		return "", "", false
	}
	return fields[0], fields[19], true
}
