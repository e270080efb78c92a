// Command withpostgres runs a command with a private PostgreSQL server, on which all tests that the
// command starts make their databases: starting a server for each package would take longer than
// many of the tests. It owns nothing but the lifetime of that server and must never know what is
// tested.
//
//	go run ./cmd/internal/testing/withpostgres go test ./...
//
// It exits with the status of the command, or with 1 if there is no server.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"tierdesk/migrations/dbtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	server, err := dbtest.Serve()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		os.Exit(1)
	}
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Env = append(os.Environ(), "TIERDESK_TEST_POSTGRES="+server)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		os.Exit(ended.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		os.Exit(1)
	}
}
