"""Words that tell the served languages apart in short messages about deliveries.

Without accents, as most people type on a phone. A word that several languages share counts for each
of them, and less; one that English has too ("main", "me", "par") is left out of Hinglish.
"""

_EN = """
the is are was were my your it its this that when where what who how why can could will would
should have has had i im ive id you he she they we not dont doesnt didnt isnt wont cant please pls
thanks thank and or but with for from at on to of been be do does did get got here there today
tomorrow still yet parcel package delivery deliver delivered order leave left courier driver
neighbour neighbor home house door any know want need if by out now coming come about me us
"""
_FR = """
le la les l un une des du de d mon ma mes votre vos ton ta est sont etait c ce cet cette ca quand ou
que qu qui quoi comment pourquoi je j tu il elle on nous vous ils ne n pas plus peut peux pouvez
pouvais voudrais veux avez ai as a ete etre suis chez avec pour dans sur sans et mais si oui non
bonjour bonsoir salut merci svp stp colis livraison livrer livre livreur commande paquet adresse
voisin voisine maison demain aujourd hui soir matin toujours encore jamais rien moi arrive arriver
recu attends parti laisser laissez deja quel quelle bientot
"""
_ES = """
el la los las un una mi mis su tu tus es esta estan este esto eso cuando donde que quien como por
porque para yo no ya lo le me te se con sin y o pero si hoy manana noche tarde todavia aun nada
puede puedo pueden podria quiero quisiera necesito tengo tiene tienen hay ha he han estoy soy ser
hola buenas buenos dias gracias favor paquete pedido envio entrega entregar repartidor vecino vecina
direccion casa llega llegar llego llegado recibido dejar dejen dejarlo cambiar del al en muy
alguien nadie otro otra cual cuanto mio enviar
"""
_DE = """
der die das den dem des ein eine einen mein meine meinem meiner ihr ihre ist sind war wann wo was
wer wie warum ich du er sie es wir nicht kein keine kann koennen konnen konnte moechte mochte will
habe hat haben bin bei mit fur fuer auf aus von vom zu zum zur und oder aber wenn noch schon heute
morgen abend immer hier da bitte danke hallo guten tag paket lieferung liefern sendung bestellung
nachbar nachbarn nachbarin adresse haus zuhause bote fahrer kommt kommen angekommen bekommen
erhalten jemand niemand ablegen abgeben andere anderen mal doch wird wurde dass im am nach mich mir
"""
_PT = """
o a os as um uma meu minha meus seu sua e esta estao este isso esse quando onde cade que quem como
por porque pra para eu voce vc nao ja lhe me com sem mas se sim hoje amanha noite tarde ainda nada
pode posso podem poderia quero gostaria preciso tenho tem ha foi estou sou ser ola oi bom boa dia
obrigado obrigada favor encomenda pacote pedido envio entrega entregar entregador entregue vizinho
vizinha endereco casa chega chegar chegou chegando recebi deixar deixem do da dos das no na nos em
muito alguem ninguem outro outra qual quanto ate la aqui
"""
_IT = """
il lo la i gli le un una uno mio mia miei suo sua e sono era questo questa quello quando dove che chi
come perche per io non gia mi ti si ci con senza ma se oggi domani sera mattina ancora niente nulla
puo posso possono potete potrei vorrei voglio devo ho ha hai hanno avete stato arriva arrivare
arrivato ciao buongiorno buonasera salve grazie favore pacco ordine spedizione consegna consegnare
consegnato corriere vicino vicina indirizzo casa ricevuto lasciare lasciate lasciatelo cambiare del
della dal dalla al alla nel nella di da molto qualcuno nessuno altro altra quale quanto piu sto
"""
_HI_LATN = """
hai hain haii h nahi nahin nhi nai kab kahan kaha kidhar kya kyu kyun kyon kaise kaun kitna kitne mera
meri mere hamara hamari aapka aapki apka apki apna apne aap tum mujhe muje mujhko humko hume usko
isko karo karna karke kar kardo krdo kro krna raha rahi rahe rha rhi gaya gayi gya hua hui hoga hogi
tha thi wala wali bhai bhaiya didi ji yaar chahiye chaiye chahie abhi aaj kal parso subah shaam sham
raat dopahar baje ghar pados padosi darwaza darwaze paas pass mein aur ya lekin agar toh bhi sirf
kuch koi milega mila mili mile milna aaya aayi aayega ayega aaega aana bhejo bhej bheja dena dedo de
do dijiye lena liya chhod chod rakh rakho rakhna bata batao bataiye pata nahin kripya dhanyavaad
shukriya wapas vapas badal badlo badalna tak se ko ka ki ke hu hun hoon thoda jaldi
kisi kisne kisko usne isne ek doosra dusra dusri sab sabhi saara itna utna bahut bohot zyada kam din
der hota hoti hote sakta sakti sakte liye upar neeche niche andar bahar peeche pichhe saamne samne
galat sahi kharab toot toota tuta tuti dikha dikh dekho dekha suno bolo bola bolna likha samajh
paisa paise wapis mangwaya bheja bhejna pahucha pahuncha pahunchega mat jao jaana jana aao aa ja
hain hogaya hogayi chal chalega dobara phir fir pehle baad tak khud bilkul theek thik accha acha
saman samaan dukan gali makaan neend
"""
# Spelt alike in English or in another served language, and so no sign of Hindi.
_NOT_TELLING = {
    "do",
    "de",
    "se",
    "h",
    "pass",
    "tum",
    "sham",
    "mile",
    "ne",
    "aa",
    "ja",
    "bola",
    "sab",
    "fir",
    "kam",
    "din",
    "der",
    "mat",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS: dict[str, frozenset[str]] = {
    "en": _words(_EN),
    "fr": _words(_FR),
    "es": _words(_ES),
    "de": _words(_DE),
    "pt": _words(_PT),
    "it": _words(_IT),
    "hi-Latn": _words(_HI_LATN) - _NOT_TELLING,
}
