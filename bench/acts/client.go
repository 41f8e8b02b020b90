package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// client is one kept connection. It writes requests by hand, so that it takes little of the
// processors from the server that it measures.
type client struct {
	addr string
	c    net.Conn
	r    *bufio.Reader
	buf  []byte
	took []time.Duration // of each request
	n    int
}

func dial(addr string) (*client, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{addr: addr, c: c, r: bufio.NewReaderSize(c, 16<<10)}, nil
}

func (c *client) close() { c.c.Close() }

// send does one request with a JSON body and reads the answer into out, which is nil where only the tag counts. headers are whole lines.
func (c *client) send(method, path, token, headers string, body []byte, out any) (etag string, err error) {
	begin := time.Now()
	c.buf = fmt.Appendf(c.buf[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n",
		method, path, c.addr, token, headers, len(body))
	if _, err := c.c.Write(append(c.buf, body...)); err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	c.took = append(c.took, time.Since(begin))
	if resp.StatusCode >= http.StatusMultipleChoices {
		return "", fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	if out != nil {
		err = json.Unmarshal(answer, out)
	}
	return resp.Header.Get("ETag"), err
}
