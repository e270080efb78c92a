package quote

import (
	"strings"
	"testing"
)

// attributionsOfClients are the lines that phones and desktop clients put above a quote, in their languages.
var attributionsOfClients = []string{
	// phones
	"Am 02.11.2026 um 09:20 schrieb Jane Doe <jane@gold.example>:",
	"2. Nov. 2026, 09:20 von jane@gold.example:",
	"Nov 2, 2026, 09:20 by jane@gold.example:",
	"Le 2 nov. 2026 à 09:20, Jane Doe <jane@gold.example> a écrit :",
	"El 2 nov 2026, a las 9:20, Jane Doe <jane@gold.example> escribió:",
	"Il giorno 2 nov 2026, alle ore 09:20, Jane Doe <jane@gold.example> ha scritto:",
	"Em 2 de nov. de 2026, à(s) 09:20, Jane Doe <jane@gold.example> escreveu:",
	"No dia 02/11/2026, às 09:20, Jane Doe <jane@gold.example> escreveu:",
	"Op 2 nov. 2026 om 09:20 heeft Jane Doe <jane@gold.example> het volgende geschreven:",
	"2 nov. 2026 kl. 09:20 skrev Jane Doe <jane@gold.example>:",
	"Den 2. nov. 2026 kl. 09.20 skrev Jane Doe <jane@gold.example>:",
	"tir. 2. nov. 2026 kl. 09:20 skrev Jane Doe <jane@gold.example>:",
	"Jane Doe <jane@gold.example> kirjoitti 2.11.2026 kello 9.20:",
	"Wiadomość napisana przez Jane Doe <jane@gold.example> w dniu 02.11.2026, o godz. 09:20:",
	"2. 11. 2026 v 9:20, Jane Doe <jane@gold.example>:",
	"2. 11. 2026 o 9:20, Jane Doe <jane@gold.example> napísal:",
	"2026. nov. 2. dátummal, 9:20 időpontban Jane Doe <jane@gold.example> írta:",
	"2 нояб. 2026 г., в 9:20, Jane Doe <jane@gold.example> написал(а):",
	"2 лист. 2026 р. о 9:20 Jane Doe <jane@gold.example> пише:",
	"Jane Doe <jane@gold.example> şunları yazdı (2 Kas 2026 09:20):",
	"Στις 2 Νοε 2026, 9:20 π.μ., ο χρήστης Jane Doe <jane@gold.example> έγραψε:",
	"Pe 2 nov. 2026, la 09:20, Jane Doe <jane@gold.example> a scris:",
	"Dana 2. stu 2026., u 09:20, Jane Doe <jane@gold.example> je napisao:",
	"2026/11/02 9:20、Jane Doe <jane@gold.example>のメール：",
	"在 2026年11月2日，9:20，Jane Doe <jane@gold.example> 写道：",
	"在 2026/11/2，上午9:20，“Jane Doe”<jane@gold.example> 写入:",
	"Jane Doe <jane@gold.example> 於 2026年11月2日 上午9:20 寫道：",
	"2026. 11. 2. 오전 9:20, Jane Doe <jane@gold.example> 작성:",
	"Vào 2 thg 11, 2026, lúc 09:20, Jane Doe <jane@gold.example> đã viết:",
	"เมื่อวันที่ จ. 2 พ.ย. 2026 เวลา 09:20 Jane Doe <jane@gold.example> เขียนว่า:",
	"ב-2 בנוב׳ 2026, בשעה 9:20, \u200fJane Doe <jane@gold.example> כתב/ה:",
	"Pada 2 Nov 2026, pukul 09.20, Jane Doe <jane@gold.example> menulis:",
	"El dia 2 nov 2026, a les 9:20, Jane Doe <jane@gold.example> va escriure:",
	"في الاثنين، ٢ نوفمبر ٢٠٢٦ في ٩:٢٠ ص تمت كتابة ما يلي بواسطة Jane Doe <jane@gold.example>:",
	// desktop
	"Am 02.11.26 um 09:20 schrieb Jane Doe:",
	"Le 02/11/2026 à 09:20, Jane Doe a écrit :",
	"Il 02/11/2026 09:20, Jane Doe ha scritto:",
	"El 2/11/26 a las 9:20, Jane Doe escribió:",
	"Op 2-11-2026 om 09:20 schreef Jane Doe:",
	"W dniu 2.11.2026 o 09:20, Jane Doe pisze:",
	"Dne 2.11.2026 v 9:20 Jane Doe napsal(a):",
	"02.11.2026 9:20, Jane Doe пишет:",
	"Den 2026-11-02 kl. 09:20, skrev Jane Doe:",
	"Den 02.11.2026 09:20, skrev Jane Doe:",
	"2.11.2026 9:20, Jane Doe kirjoitti:",
	"2026. 11. 02. 9:20 keltezéssel, Jane Doe írta:",
	"On 02/11/2026 09:20, Jane Doe wrote:",
	"Em 02/11/2026 09:20, Jane Doe escreveu:",
	"02.11.2026 09:20 tarihinde Jane Doe yazdı:",
	"On 2/11/26 9:20 AM, Jane Doe via desk wrote:",
	"Στις 2/11/26 9:20, ο/η Jane Doe έγραψε:",
	"Pe 02.11.2026 09:20, Jane Doe a scris:",
	"> On Nov 2, 2026, at 9:20 AM, Jane Doe <jane@gold.example> wrote:",
	"On Mon, Nov 2, 2026 at 9:20 AM Jane Doe via Acme <\nsupport@gold.example> wrote:",
	"On Monday, November 2, 2026, Jane Doe <jane@gold.example> wrote:",
	"On Monday, 2 November 2026 09:20:11 CET Jane Doe wrote:",
	"Jane Doe <jane@gold.example> writes:",
	"Quoting Jane Doe <jane@gold.example>:",
	"Zitat von Jane Doe <jane@gold.example>:",
	"Citando Jane Doe <jane@gold.example>:",
	"*On Mon, Nov 2, 2026 at 9:20 AM, Jane Doe <jane@gold.example> wrote:*",
	"--- On Mon, 11/2/26, Jane Doe <jane@gold.example> wrote:",
	"On Nov 2, 2026 09:20, \"Jane Doe\" <jane@gold.example> wrote:",
	"Gesendet: Montag, 2. November 2026 um 09:20 Uhr\nVon: \"Jane Doe\" <jane@gold.example>\nAn: support@gold.example\nBetreff: Drucker",
	"Sent: Monday, November 02, 2026 at 9:20 AM\nFrom: \"Jane Doe\" <jane@gold.example>\nTo: support@gold.example\nSubject: Printer",
	"-----Original message-----\nFrom:Jane Doe <jane@gold.example>\nSent:Mon 11-02-2026 09:20\nSubject:Printer\nTo:support@gold.example;",
	"________________________________\nVon: Jane Doe <jane@gold.example>\nGesendet: Montag, 2. November 2026 09:20:11\nAn: support\nBetreff: Drucker",
	"------------------ Original ------------------\nFrom: \"Jane Doe\"<jane@gold.example>\nDate: Mon, Nov 2, 2026 09:20 AM\nTo: \"support\"<support@gold.example>\nSubject: Printer",
	"------------------ 原始邮件 ------------------\n发件人: \"Jane Doe\"<jane@gold.example>\n发送时间: 2026年11月2日(星期一) 9:20\n收件人: \"support\"\n主题: 打印机",
	"At 2026-11-02 09:20:11, \"Jane Doe\" <jane@gold.example> wrote:",
	"於 2026年11月2日 上午9:20 寫道：",
	"---------- Original Message ----------\nFrom: Jane Doe <jane@gold.example>\nDate: 11/02/2026 9:20 AM\nSubject: Printer",
	"From:\tJane Doe <jane@gold.example>\nTo:\tsupport@gold.example\nDate:\t02.11.2026 09:20\nSubject:\tPrinter",
	"Von:    Jane Doe <jane@gold.example>\nAn:     support@gold.example\nDatum:  02.11.2026 09:20\nBetreff:        Drucker",
}

func TestClients(t *testing.T) {
	t.Parallel()
	for _, a := range attributionsOfClients {
		text := "It works now.\n\nJane\n\n" + a + "\n\n> The old text.\n> It has two lines.\n"
		if p := Text(text, Options{}); p.Reply != "It works now.\n\nJane" || !strings.Contains(p.Quote, "The old text.") {
			t.Errorf("quoted: %q\n reply: %q", a, p.Reply)
		}
		if a[0] == '>' {
			continue
		}
		text = "It works now.\n\nJane\n\n" + a + "\n\nThe old text.\nIt has two lines.\n"
		if p := Text(text, Options{}); p.Reply != "It works now.\n\nJane" {
			t.Errorf("not quoted: %q\n reply: %q", a, p.Reply)
		}
	}
}
