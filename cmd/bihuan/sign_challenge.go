package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"os"

	sm2cert "bihuan/identity/certificate"
)

const signChallengeHelp = `usage: bihuan sign-challenge --key FILE --cert FILE [FILE]

Signs the text that the page of signing in with a certificate shows, read from the file or from standard input, and prints
what to bring back: the certificate and the signature. The key stays on this machine.

  --key FILE    the private key of SM2 in PEM, PKCS #8 or SEC 1, not encrypted
  --cert FILE   its certificate in PEM, with those between it and a root if the house does not have them
`

// runSignChallenge signs a challenge with a key in a file.
func runSignChallenge(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan sign-challenge", flag.ContinueOnError)
	set.SetOutput(std.err)
	set.Usage = func() { fmt.Fprint(std.err, signChallengeHelp) }
	key, cert := set.String("key", "", ""), set.String("cert", "", "")
	if set.Parse(args) != nil || *key == "" || *cert == "" || set.NArg() > 1 {
		if set.Parsed() {
			set.Usage()
		}
		return exitUsage
	}
	answer, err := signChallenge(*key, *cert, set.Arg(0), std.in)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan sign-challenge:", err)
		return exitBad
	}
	std.out.Write(answer.Format())
	return exitFine
}

// maxChallenge is more than any text to sign has, in bytes.
const maxChallenge = 64 << 10

func signChallenge(key, cert, file string, in io.Reader) (sm2cert.Answer, error) {
	private, err := os.ReadFile(key)
	if err != nil {
		return sm2cert.Answer{}, err
	}
	public, err := os.ReadFile(cert)
	if err != nil {
		return sm2cert.Answer{}, err
	}
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return sm2cert.Answer{}, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxChallenge))
	if err != nil {
		return sm2cert.Answer{}, err
	}
	signer, err := sm2cert.ReadKey(private, public, rand.Reader)
	if err != nil {
		return sm2cert.Answer{}, err
	}
	return sm2cert.Respond(signer, text)
}
