package parse

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// languages are a sentence or two in each.
var languages = map[string]string{
	"de":  "Guten Tag, die Rechnung für den Drucker enthält einen Fehler. Können Sie mir bitte eine geänderte schicken? Schöne Grüße, Jörg Müßig",
	"fr":  "Bonjour, l'imprimante du deuxième étage ne marche plus dépuis hier. Pourriez-vous passer avant midi ? Très cordialement, Hélène",
	"es":  "Buenos días: ¿podrían enviarme la contraseña nueva? El técnico pasó ayer pero no encontró la avería. Un saludo, Íñigo Muñoz",
	"pt":  "Olá, a impressora não está a funcionar desde ontem. Poderiam enviar um técnico amanhã de manhã? Obrigação nenhuma. Cumprimentos, João",
	"it":  "Buongiorno, perché la fattura di novembre è più alta? Così non può andare. Cordialità, Niccolò",
	"nl":  "Goedemorgen, één van de printers is kapot. Financiën heeft al betaald, zegt René. Groeten",
	"sv":  "Hej, skrivaren på våningen ovanför går inte att använda. Kan ni åka hit i övermorgon? Hälsningar Åsa",
	"pl":  "Dzień dobry, drukarka na drugim piętrze nie działa od środy. Proszę o szybką pomoc, bo księgowość czeka. Łączę pozdrowienia",
	"cs":  "Dobrý den, tiskárna v přízemí od včerejška netiskne. Můžete prosím přijet ještě dnes? Děkuji, Jiří Dvořák",
	"hu":  "Jó napot, a második emeleti nyomtató tegnap óta nem működik. Kérem, küldjenek szerelőt. Üdvözlettel: Győző",
	"tr":  "Merhaba, ikinci kattaki yazıcı dünden beri çalışmıyor. Lütfen bugün birini gönderir misiniz? Teşekkürler, Gülşah",
	"ru":  "Здравствуйте, принтер на втором этаже не работает со вчерашнего дня. Пришлите, пожалуйста, мастера. С уважением, Пётр",
	"uk":  "Доброго дня, принтер на другому поверсі не працює з вчорашнього дня. Надішліть, будь ласка, майстра. З повагою, Євген",
	"el":  "Καλημέρα, ο εκτυπωτής στον δεύτερο όροφο δεν λειτουργεί από χθες. Μπορείτε να στείλετε τεχνικό; Ευχαριστώ",
	"ja":  "お世話になっております。二階のプリンターが昨日から動きません。今日中に修理をお願いできますか。よろしくお願いいたします。田中",
	"zh":  "您好，二楼的打印机从昨天开始无法使用，请问今天能派人来修理吗？谢谢！王芳",
	"zht": "您好，二樓的印表機從昨天開始無法使用，請問今天能派人來修理嗎？謝謝！王芳",
	"ko":  "안녕하세요. 이층 프린터가 어제부터 작동하지 않습니다. 오늘 수리 기사를 보내 주실 수 있습니까? 감사합니다. 김민수",
	"he":  "שלום, המדפסת בקומה השנייה לא עובדת מאתמול. אפשר לשלוח טכנאי היום? תודה",
	"ar":  "مرحبا، الطابعة في الطابق الثاني لا تعمل منذ أمس. هل يمكنكم إرسال فني اليوم؟ شكرا",
	"th":  "สวัสดีครับ เครื่องพิมพ์ชั้นสองใช้งานไม่ได้ตั้งแต่เมื่อวาน ช่วยส่งช่างมาวันนี้ได้ไหมครับ ขอบคุณครับ",
}

// A text is read as what it is, whatever charset its mail names: in each language, in each charset that it is written in, under the
// names of others.
func TestMislabelled(t *testing.T) {
	t.Parallel()
	const west = "iso-8859-1 windows-1252 us-ascii"
	for _, c := range []struct{ languages, charsets, names string }{
		{"de fr es pt it nl sv", "windows-1252 iso-8859-15", "utf-8 us-ascii"},
		{"pl cs hu", "windows-1250 iso-8859-2", "utf-8 " + west},
		{"tr", "windows-1254", "utf-8 us-ascii iso-8859-1"},
		{"ru", "windows-1251 koi8-r iso-8859-5", "utf-8 " + west},
		{"ru", "windows-1251", "koi8-r"},
		{"ru", "koi8-r", "windows-1251"},
		{"el", "windows-1253 iso-8859-7", "utf-8 " + west},
		{"he", "windows-1255", "utf-8 " + west},
		{"ar", "windows-1256", "utf-8 " + west},
		{"th", "windows-874", "utf-8 " + west},
		{"ja", "shift_jis euc-jp iso-2022-jp", "utf-8 gb2312 " + west},
		{"ja", "shift_jis iso-2022-jp", "euc-jp"},
		{"ja", "euc-jp iso-2022-jp", "shift_jis"},
		{"zh", "gbk", "utf-8 big5 iso-2022-jp euc-kr " + west},
		{"zht", "big5", "utf-8 gb2312 gbk " + west},
		{"ko", "euc-kr", "utf-8 gb2312 " + west},
	} {
		for language := range strings.FieldsSeq(c.languages) {
			for set := range strings.FieldsSeq(c.charsets) {
				e := lookup(set)
				octets, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(languages[language])
				if err != nil {
					t.Fatal(err)
				}
				want := convert([]byte(octets), e)
				for name := range strings.FieldsSeq(c.names) {
					mail := "Subject: x\nContent-Type: text/plain; charset=" + name + "\n\n" + octets
					if got := Parse([]byte(mail), Limits{}).Text; got != want {
						t.Errorf("%s in %s under the name %s: %q", language, set, name, got)
					}
					header := "=?" + name + "?B?" + base64.StdEncoding.EncodeToString([]byte(octets)) + "?="
					if got := decodeHeader(header); got != want {
						t.Errorf("%s in %s under the name %s, in a header: %q", language, set, name, got)
					}
				}
			}
		}
	}
}

// What may be meant stays: letters of a language in the charset that they declare, and a few odd signs.
func TestWellLabelled(t *testing.T) {
	t.Parallel()
	for set, texts := range map[string][]string{
		"iso-8859-1":   {"Það þýðir að röðin er röng", "Ærø og Åland: æ, ø, å", "Garçon, où est Noël ?", "Mon père a été très près de la mère", "± 3 µm, 20 °C, ½ l, 5 × 3", "Müller & Señor Núñez", "Ä", "¿Qué?"},
		"windows-1252": {"“Zażół” is not in here – 10 € · 5 %", "naïve café", "Škoda, Žižka", "…", "• one\n• two"},
		"iso-8859-2":   {"Žluťoučký kůň", "zażółć gęślą jaźń", "Käse und Öl"},
		"windows-1250": {"Příliš žluťoučký", "Łódź", "Größe"},
		"iso-8859-9":   {"Güneş ışığı", "Größe"},
		"koi8-r":       {"Привет", "ПРИВЕТ ВСЕМ КТО ТУТ", "Да"},
		"windows-1251": {"Привет", "ПРИВЕТ ВСЕМ КТО ТУТ", "Її єдність"},
		"big5":         {"您好", "印表機壞了", "A 級"},
		"gbk":          {"您好", "打印机坏了", "日本のプリンター", "您好 请尽快 解决", "A" + strings.Repeat("您好 问题 ", 900)},
		"euc-kr":       {"안녕", "프린터 고장", "漢字"},
		"shift_jis":    {"こんにちは", "ｶﾀｶﾅ", "修理"},
		"euc-jp":       {"こんにちは", "修理"},
		"windows-874":  {"สวัสดี"},
	} {
		e := lookup(set)
		for _, text := range texts {
			octets, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(text)
			if err != nil {
				t.Fatal(err)
			}
			want := convert([]byte(octets), e)
			const head = "From: a@far.example\nDate: Mon, 2 Nov 2026 09:00:00 +0000\nMessage-ID: <1@far.example>\nSubject: x\n"
			m := Parse([]byte(head+"Content-Type: text/plain; charset="+set+"\n\n"+octets), Limits{})
			if m.Text != want || len(m.Warnings) > 0 {
				t.Errorf("%s: %.80q, want %.80q; warnings %v", set, m.Text, want, m.Warnings)
			}
		}
	}
}

// A word that was encoded twice is decoded twice, escapes of Japan are read in a bare header, and accented letters at the end of a
// text that was encoded twice are no obstacle.
func TestEncodedOnceMore(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=?utf-8?Q?=3D=3Futf-8=3FB=3FR3LDvMOfZQ=3D=3D=3F=3D?=": "Grüße",
		"\x1b$B%W%j%s%?!<\x1b(B":                               "プリンター",
		"=?utf-8?B?UGVyY2jDg8KpIGNvc8ODwqw=?=":                 "Perché così",
		"=?big5?B?UGVyY2jDqSBjb3PDrA==?=":                      "Perché così",
	} {
		if got := decodeHeader(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// The quick look passes only what the whole one takes for what it declares.
func TestPlainLatinAgrees(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	signs := []rune("“”„»«€…–’·\u00a0ｱのア日ж")
	plain := 0
	for range 30_000 {
		declared := latinSets[rnd.IntN(len(latinSets))].(*charmap.Charmap)
		alphabet := []rune(alphabets[rnd.IntN(len(alphabets))])
		var text []byte
		for range 1 + rnd.IntN(12) {
			for range rnd.IntN(9) {
				switch rnd.IntN(8) {
				case 0, 1:
					if c, ok := declared.EncodeRune(alphabet[rnd.IntN(len(alphabet))]); ok {
						text = append(text, c)
					}
				case 2:
					switch rnd.IntN(12) {
					case 0:
						text = append(text, byte(0x80+rnd.IntN(128)))
					case 1, 2:
						if c, ok := declared.EncodeRune(signs[rnd.IntN(len(signs))]); ok {
							text = append(text, c)
						}
					case 3:
						text = append(text, byte([]int{0x82, 0x83, 0xa4, 0xa5}[rnd.IntN(4)]), byte(0xa0+rnd.IntN(0x40)))
					}
				default:
					text = append(text, byte('a'+rnd.IntN(26)))
				}
			}
			text = append(text, ' ')
		}
		if plainLatin(text, declared) {
			plain++
			if e := elsewhereLatin(text, convert(text, declared), declared); e != nil {
				t.Fatalf("% x as %v: the quick look passes it, the whole one says %v", text, declared, e)
			}
		}
	}
	if plain < 5_000 {
		t.Errorf("only %d texts were plain", plain)
	}
}
