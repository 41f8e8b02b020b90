package corpus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
)

// EICAR returns the test file that every scanner knows (eicar.org, 2003); put together here so that this source is not it.
func EICAR() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)
}

// Files with which [Clamd] misbehaves.
const (
	HangUp   = "please hang up"
	Nonsense = "please talk nonsense"
)

// Clamd is a scanner for tests: it speaks INSTREAM and knows EICAR.
type Clamd struct {
	Limit int // bytes of a file
}

// Serve answers until l is closed.
func (c Clamd) Serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go c.answer(conn)
	}
}

func (c Clamd) answer(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		io.WriteString(conn, "UNKNOWN COMMAND\x00")
		return
	}
	var file []byte
	for {
		var size uint32
		if binary.Read(r, binary.BigEndian, &size) != nil {
			return
		}
		if size == 0 {
			break
		}
		if len(file)+int(size) > c.Limit {
			io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			io.Copy(io.Discard, r) // whoever sends may be blocked
			return
		}
		piece := make([]byte, size)
		if _, err := io.ReadFull(r, piece); err != nil {
			return
		}
		file = append(file, piece...)
	}
	switch {
	case string(file) == HangUp:
	case string(file) == Nonsense:
		io.WriteString(conn, "stream: PERHAPS\x00")
	case bytes.Contains(file, EICAR()):
		io.WriteString(conn, "stream: Eicar-Test-Signature FOUND\x00")
	default:
		io.WriteString(conn, "stream: OK\x00")
	}
}
