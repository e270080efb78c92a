package quote

import (
	"strings"
	"testing"
)

func TestTaglines(t *testing.T) {
	t.Parallel()
	for _, b := range []string{
		"Sent from my iPhone", "Sent from my Huawei phone", "Sent from my Samsung Galaxy smartphone.", "Sent from Yahoo Mail on Android", "Sent from Outlook for iOS", "Sent via the Samsung Galaxy S20, an AT&T 5G smartphone", "Sent with Proton Mail secure email.",
		"Sent from Mail for Windows 10", "Sent from my BlackBerry 10 smartphone.", "Sent using Zoho Mail", "Sent from Gmail Mobile", "Get Outlook for Android", "Get Outlook for iOS<https://aka.ms/o0ukef>", "*Sent from my iPad*", "[Sent from my phone]",
		"Von meinem iPad gesendet", "Von meinem Samsung Galaxy Smartphone gesendet.", "Gesendet von meinem iPhone", "Gesendet mit der GMX Mail App", "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.", "Gesendet von Outlook für Android", "Von unterwegs gesendet",
		"Envoyé de mon iPhone", "Envoyé depuis mon téléphone Samsung", "Envoyé à partir d’Outlook pour Android", "Télécharger Outlook pour iOS", "Enviado desde mi iPhone", "Enviado desde Outlook para Android", "Obtener Outlook para iOS", "Enviado do meu iPhone", "Enviado a partir do meu iPhone", "Obter o Outlook para iOS",
		"Inviato da iPhone", "Inviato dal mio smartphone Samsung Galaxy.", "Inviato da Libero Mail per Android", "Ottieni Outlook per Android", "Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn Galaxy", "Outlook voor iOS downloaden", "Skickat från min iPhone", "Skickades från Outlook för iOS", "Hämta Outlook för iOS",
		"Sendt fra min iPhone", "Sendt fra Outlook til iOS", "Hent Outlook til Android", "Lähetetty iPhonesta", "Hanki Outlook for iOS", "Wysłane z iPhone'a", "Wysłano z telefonu Samsung Galaxy", "Pobierz aplikację Outlook dla systemu Android", "Odesláno z iPhonu", "Odoslané z iPhonu", "Отправлено с iPhone", "Отправлено из Почты Mail", "Надіслано з iPhone", "Изпратено от моя iPhone",
		"iPhone'umdan gönderildi", "Küldve az iPhone készülékemről", "Trimis de pe iPhone", "Στάλθηκε από το iPhone μου", "Enviat des del meu iPhone", "Dikirim dari iPhone saya", "Được gửi từ iPhone của tôi", "发自我的iPhone", "從我的 iPhone 傳送", "iPhoneから送信", "나의 iPhone에서 보냄", "נשלח מה-iPhone שלי", "أرسلت من الـ iPhone", "Poslano iz moje naprave iPhone",
		"ส่งจาก iPhone ของฉัน", "Saadetud minu iPhone'ist", "Išsiųsta iš mano iPhone", "Nosūtīts no mana iPhone", "Poslato sa mog iPhone-a", "Sendt fra min Samsung Galaxy-smarttelefon.",
	} {
		for _, text := range []string{"It works now.\n\nJane\n\n" + b + "\n", "It works now.\n\nJane\n\n" + b + "\n\n> On Mon, 2 Nov 2026, Joe <joe@gold.example> wrote:\n> old\n"} {
			p := Text(text, Options{})
			if p.Reply != "It works now.\n\nJane" || !strings.Contains(p.Signature+p.Quote, strings.TrimSpace(b)) {
				t.Errorf("%q: %q", b, p.Reply)
			}
		}
	}
	for _, s := range []string{
		"Sent it yesterday, did you get it?", "Gesendet habe ich es gestern schon, an Herrn Meier.", "Get back to me please", "Get out of the loop by restarting, then call me.", "Von hier kann ich nicht drucken", "Mail me the log file", "Outlook does not start", "Enviado ayer por la tarde, junto con la factura número 4711 y el albarán, como usted me pidió por teléfono.",
	} {
		text := "It jams.\n\n" + s + "\n"
		if p := Text(text, Options{}); p.Reply != strings.TrimSpace(text) {
			t.Errorf("%q was cut: %q", s, p.Reply)
		}
	}
}
