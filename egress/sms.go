package egress

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"bihuan/ground/fault"
	"bihuan/kernel/notice"
)

// Gateway is the district's own small program that knows how its operator's SMS interface is called (短信适配器): no two operators
// have the same. It gets what docs/notices.md says, signed as every webhook is.
type Gateway struct {
	URL    string
	Secret Secret // whsec_ and base64, see [ParseSecret]
}

// SMSMessage is what a gateway gets.
type SMSMessage struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// key reads the signing secret as it is now.
func (g *Gateway) key() ([]byte, error) {
	text, err := g.Secret()
	if err != nil {
		return nil, err
	}
	return ParseSecret(text)
}

const maxSMS = 500 // characters; operators cut a long one into pieces of 67 (3GPP TS 23.040, UCS-2)

// Texter hands SMS to a gateway.
type Texter struct {
	client  *Client
	gateway Gateway
}

// NewTexter returns a texter. It wraps [fault.ErrInvalid] for an address that cannot be called.
func NewTexter(c *Client, g Gateway) (*Texter, error) {
	if _, _, err := Target(g.URL); err != nil {
		return nil, fmt.Errorf("SMS gateway: %w", err)
	}
	return &Texter{c, g}, nil
}

// Send hands one SMS over. Errors are those of [Mailer.Send].
func (t *Texter) Send(ctx context.Context, id, to, text, lang string, now time.Time) error {
	if !notice.IsPhone(to) {
		return fmt.Errorf("SMS %s: %w", clip(id), ErrRefused)
	}
	body, err := json.Marshal(SMSMessage{id, to, notice.Line(text, maxSMS), lang})
	if err != nil {
		return err
	}
	secret, err := t.gateway.key()
	if err != nil {
		return fmt.Errorf("secret of the SMS gateway: %w", errors.Join(err, fault.ErrUnavailable))
	}
	answer, err := t.client.Post(ctx, t.gateway.URL, Signed(id, now, body, secret), body)
	return taken(answer, err)
}

// Style is which company's group robot an address belongs to: each wants another body.
type Style string

// The styles.
const (
	WeCom    Style = "wecom"    // 企业微信
	DingTalk Style = "dingtalk" // 钉钉
	Feishu   Style = "feishu"   // 飞书
)

// ChatRobot is one robot in a group of an enterprise chat (群机器人). Its address holds its token: it is a secret.
type ChatRobot struct {
	Style  Style
	URL    string
	Secret string // DingTalk and Feishu sign with it where the group has that switched on; empty otherwise
}

const maxChat = 1500 // characters; WeCom takes 2,048 bytes of text, which are not quite 700 characters

// Chatter says something in groups.
type Chatter struct{ client *Client }

// NewChatter returns a chatter.
func NewChatter(c *Client) *Chatter { return &Chatter{c} }

// Say has a robot say one text. Errors are those of [Mailer.Send].
func (c *Chatter) Say(ctx context.Context, r ChatRobot, text string, now time.Time) error {
	address, body, err := r.call(notice.Lines(text, maxChat), now)
	if err != nil {
		return errors.Join(err, ErrRefused)
	}
	answer, err := c.client.Post(ctx, address, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body)
	if err := taken(answer, err); err != nil {
		return err
	}
	return r.verdict(answer.Body)
}

// call returns the address and the body in the form of the robot's company, from their public descriptions of group robots.
func (r *ChatRobot) call(text string, now time.Time) (address string, body []byte, err error) {
	if _, _, err := Target(r.URL); err != nil {
		return "", nil, err
	}
	address = r.URL
	var v any
	switch r.Style {
	case WeCom:
		v = map[string]any{"msgtype": "text", "text": map[string]string{"content": cutBytes(text, 2048)}}
	case DingTalk:
		v = map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
		if r.Secret != "" { // timestamp in ms and sign go into the address: base64(HMAC-SHA256(secret, ms + "\n" + secret))
			ms := strconv.FormatInt(now.UnixMilli(), 10)
			u, err := url.Parse(r.URL)
			if err != nil {
				return "", nil, err
			}
			q := u.Query()
			q.Set("timestamp", ms)
			q.Set("sign", mac([]byte(r.Secret), ms+"\n"+r.Secret))
			u.RawQuery = q.Encode()
			address = u.String()
		}
	case Feishu:
		m := map[string]any{"msg_type": "text", "content": map[string]string{"text": text}}
		if r.Secret != "" { // the other way round: base64(HMAC-SHA256(s + "\n" + secret, nothing))
			s := strconv.FormatInt(now.Unix(), 10)
			m["timestamp"], m["sign"] = s, mac([]byte(s+"\n"+r.Secret), "")
		}
		v = m
	default:
		return "", nil, fmt.Errorf("robot of style %s: %w", clip(string(r.Style)), fault.ErrInvalid)
	}
	body, err = json.Marshal(v)
	return address, body, err
}

func mac(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// cutBytes keeps whole characters of at most most bytes.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := 0
	for i := range s {
		if i > most-len("…") {
			break
		}
		end = i
	}
	return s[:end] + "…"
}

// verdict reads what the robots of all three say inside an answer of 200: a number that is 0 when they took it.
func (r *ChatRobot) verdict(body []byte) error {
	var said struct {
		ErrCode *int `json:"errcode"` // WeCom and DingTalk
		Code    *int `json:"code"`    // Feishu
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return fmt.Errorf("robot's answer: %w", errors.Join(err, fault.ErrUnavailable))
	}
	for _, code := range []*int{said.ErrCode, said.Code} {
		if code != nil && *code != 0 {
			return fmt.Errorf("robot answers with code %d: %w", *code, fault.ErrUnavailable)
		}
	}
	return nil
}

// taken turns an answer into whether the message was taken over, and if not whether it is of use to try again.
func taken(a Answer, err error) error {
	switch {
	case err != nil:
		return err
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status >= 400 && a.Status < 500 && a.Status != http.StatusRequestTimeout && a.Status != http.StatusTooManyRequests:
		return troubled{fmt.Errorf("answered with status %d: %w", a.Status, ErrRefused), notice.OfStatus(a.Status)}
	}
	return troubled{fmt.Errorf("answered with status %d: %w", a.Status, fault.ErrUnavailable), notice.OfStatus(a.Status)}
}
