"""The words by which details.py tells a detail from talk, one table per language.

They are read together: a message may mix languages, and a word that is generic in one of them
is rarely a name in another.
"""

from bot.domain.answers import plain
from bot.domain.request import RequestKind


def _words(tables: dict[str, str]) -> frozenset[str]:
    return frozenset(plain(word) for table in tables.values() for word in table.split())


# What may stand in any wish about a delivery and tells the courier nothing.
GENERIC = _words({
    "en": """a an the it its this that these those my your our their his her i im me we you he she they them us
        is are was be been am isnt arent wont dont doesnt didnt cant cannot couldnt not no yes yeah yep ok okay sure hi hello
        hey good morning afternoon evening night day days today tomorrow tonight later soon now please pls plz
        thanks thank thx can could would will shall should may might must do does did have has had get got
        give given take taken took leave left let drop deliver delivered delivery delivering bring put send sent
        change changed changing move new another other different instead to for from with at on in of by and or
        but if so as there here somewhere someone somebody something anyone anybody one ones parcel parcels package
        packages order orders item courier driver guy man carrier stuff want wanted need needed like prefer possible
        ask asking tell know think address details note notes instruction instructions info information when where what
        who which how why home house away out work working office place spot safe monday tuesday wednesday thursday friday
        saturday sunday week weekend time hour hours until till before after between because since won t s m ll d ve re
        just only really actually also too very much maybe ill id ive theyre hes shes whoever whichever
        any some back again way idea sorry mind dunno idk nothing everything else option way kind sister brother mother
        father mum mom dad parents friend friends boss wife husband partner sisters brothers mothers friends parents
        mums moms dads him gate redirect reroute forward ship shipped then well um uh wait hold hang stop wrong mistake typo called name named""",
    "fr": """un une le la les l de des du d et ou mais si ce cet cette ces ca c ceci cela mon ma mes votre vos notre nos
        leur son sa ses je j me m moi tu te t toi il elle on nous vous ils elles est sont suis serai sera etre ete
        ai as a avons avez ont aurai pas ne n non oui ouais ok d accord bonjour bonsoir salut bonne journee svp stp
        merci plait s peut peux pouvez pourriez pourrait puis voudrais veux voulez aimerais faut faudrait doit
        dois laisser laissez laisse deposer deposez depose livrer livrez livre livraison livreur coursier
        mettre mettez mets donner donnez donne remettre remettez confier confiez prendre prenne prend recevoir
        recupere recuperer apporter envoyer envoyez envoie expediez redirigez rediriger changer change changez modifier autre autres nouveau nouvelle colis
        paquet commande chez a au aux en dans sur par pour avec sans vers entre avant apres jusqu quand ou qui
        que quoi quel quelle comment pourquoi quelqu quelque chose part endroit lieu sur bureau travail boulot
        maison domicile absent absente la demain aujourd hui matin midi soir apres-midi lundi mardi mercredi
        jeudi vendredi samedi dimanche semaine heure heures plutot finalement juste aussi possible adresse note
        consigne consignes instruction instructions info infos soeur frere mere pere parents ami amie amis y
        directement sinon alors donc parce car possibilite merci beaucoup attendez attends erreur mauvais mauvaise trompe appelle connais sais nom""",
    "es": """un una el la los las lo le les de del y o pero si no mi mis tu tus su sus nuestro yo me te se nos es son soy
        esta estan estoy estare estar ser hola buenas buenos dias tardes noches por favor porfa gracias puede pueden puedes podria
        podrian podeis quiero quisiera queria necesito dejar dejarlo dejen deje dejad dejalo entregar entreguen entrega entregarlo
        poner pongan dar den darselo llevar recoger recoja recibir reciba enviar manden cambiar cambiad otro otra nuevo
        nueva paquete pedido envio repartidor mensajero con en a al para sin hasta desde entre antes despues cuando donde
        quien que como porque alguien algo algun alguna sitio lugar seguro casa trabajo oficina hoy manana tarde noche
        lunes martes miercoles jueves viernes sabado domingo semana hora horas mejor solo tambien posible direccion nota
        instrucciones instruccion vale claro estaré fuera hermana hermano madre padre padres amigo amiga ya entonces espera espere
        error equivocado equivocada equivoque perdon llama llaman dejadlo dejadla dejala
        dejenlo dejelo dejarla conozco nombre""",
    "de": """ein eine einen einem einer der die das den dem des und oder aber wenn mein meine meinen meinem meiner
        ihr ihre euer unser ich mich mir du dich sie es wir er uns ist sind bin war sein werde wird kann konnen
        konnten konnt koennen koennten konnte konntet darf soll sollen bitte danke hallo hi guten tag morgen abend ja nein nicht kein
        keine nur auch doch noch mal mochte moechte wurde wurden hatte habe haben will brauche lassen lasst lass
        ablegen legen legt abgeben abgegeben geben gebt bringen liefern lieferung zustellen zustellung stellen
        abstellen hinterlegen nehmen annehmen entgegennehmen schicken senden andern aendern geandert anderer
        andere anderen neue neuer paket pakete sendung bestellung fahrer bote zusteller kurier bei beim am an
        auf in im zu zum zur mit von vom fur fuer ohne bis ab vor nach zwischen um wann wo wer was wie warum
        jemand etwas irgendwo irgendwem ort stelle sicher sicherer sicheren hause haus arbeit buro buero heute
        ubermorgen montag dienstag mittwoch donnerstag freitag samstag sonntag woche uhr stunde lieber
        eigentlich adresse hinweis hinweise info weg da dort hier schwester bruder mutter vater eltern
        freund freundin statt stattdessen nachmittag vormittag mittag dann so gerne halt stopp moment warten warte falsch falsche
        falscher falsches fehler also einfach leg lege stell stelle gib heisst heißt weiss weiß kenne name""",
    "pt": """um uma o a os as do da dos das de e ou mas se meu minha meus seu sua nosso eu me mim voce voces ele ela e sao
        sou estou esta estarei estar ser ola oi bom boa dia tarde noite por favor pf obrigado obrigada pode podem poderia
        poderiam quero queria gostaria preciso deixar deixa deixe deixem entregar entrega entreguem entregue colocar coloque
        dar receber recebe receba levar pegar enviar mudar trocar alterar outro outra novo nova pacote encomenda pedido
        entregador carteiro com em no na nos nas ao para pra pro sem ate desde entre antes depois quando onde quem que como
        porque alguem algo algum alguma lugar local seguro casa trabalho escritorio hoje amanha manha segunda terca
        quarta quinta sexta feira sabado domingo semana hora horas melhor so tambem possivel endereco morada nota instrucoes instrucao
        sim nao n ok irma irmao mae pai pais amigo amiga la ai aqui fora entao espera errado errada erro chama""",
    "it": """un uno una il lo la i gli le l di del della dei e o ma se mio mia miei suo sua nostro io mi me tu ti lei lui noi
        voi si ci e sono sei saro sara essere ciao salve buongiorno buonasera per favore grazie puo possono potete potreste
        potrebbe puoi vorrei voglio bisogno lasciare lascia lasciate lasciarlo lasci consegnare consegna consegnate
        consegnarlo mettere metta dare dato prendere prenda ritirare ricevere mandare spedire cambiare altro altra nuovo nuova pacco
        pacchi ordine corriere fattorino con in a al alla allo nel nella da dal dalla per senza fino tra fra prima dopo quando
        dove chi che cosa come perche qualcuno qualcosa posto luogo sicuro casa lavoro ufficio oggi domani mattina pomeriggio
        sera lunedi martedi mercoledi giovedi venerdi sabato domenica settimana ora ore meglio solo anche possibile indirizzo nota
        istruzioni istruzione no non ok sorella fratello madre padre genitori amico amica li qui fuori allora aspetta aspetti
        sbagliato sbagliata errore chiama""",
    "hi-Latn": """mera meri mere aap aapka ap hum main mai mujhe hamara ko ka ki ke se mein me par pe hai hain ho hoon hu tha kya
        kar karo kardo karna kijiye dijiye de dena dedo do de lena le lo lelo rakh rakho rakhna rakhdo chhod chod chhodo chodo
        sakta sakte sakti hoga hogi ye yeh wo woh is us aur ya lekin nahi nahin nhi mat haan ha ji theek thik plz bhai bhaiya
        parcel order packet delivery wala boy kisi koi kahin kuch jagah safe ghar office kaam aaj kal parso subah shaam dopahar raat
        somvar mangalvar budhvar guruvar shukravar shanivar ravivar baje badalna badal badlo change karwana chahiye chahta
        chahti naya dusra dusre pata address note bata batao bol dena namaste hello wahan yahan agar to bhi hi abhi ghar pe
        behen bhai mummy papa dost wale waale unko usko unhe""",
    "hi": """मेरा मेरी मेरे आप आपका हम मैं मुझे हमारा को का की के से में पर है हैं हो हूं हूँ था क्या कर करो करना कीजिए दीजिए दे देना दो
        लेना ले लो रख रखो रखना छोड़ छोड़ो सकता सकते सकती होगा यह ये वह वो इस उस और या लेकिन नहीं मत हां हाँ जी ठीक कृपया भाई
        पार्सल ऑर्डर पैकेट डिलीवरी वाला वाले किसी कोई कहीं कुछ जगह सुरक्षित घर ऑफिस दफ्तर काम आज कल परसों सुबह शाम दोपहर रात
        बजे बदलना बदल चाहिए चाहता चाहती नया दूसरा दूसरे पता नोट बताओ बता नमस्ते वहां यहां अगर तो भी ही अभी धन्यवाद पास""",
})  # fmt: skip

_NEIGHBOUR = _words(
    {
        "en": "neighbour neighbours neighbor neighbors neigbour neighbourly nabor",
        "fr": "voisin voisine voisins voisines",
        "es": "vecino vecina vecinos vecinas",
        "de": "nachbar nachbarn nachbarin nachbarinnen nachbarschaft",
        "pt": "vizinho vizinha vizinhos vizinhas",
        "it": "vicino vicina vicini vicine",
        "hi-Latn": "padosi padosiyon pados padosan padosi",
        "hi": "पड़ोसी पड़ोस पड़ोसियों",
    }
)
_PICKUP = _words(
    {
        "en": "pickup pick up point points shop store locker collection collect nearest",
        "fr": "point points relais relay casier consigne proche retrait retirer",
        "es": "punto puntos recogida tienda taquilla cercano recoger",
        "de": "abholpunkt abholstelle paketshop shop packstation filiale abholen nachste nachsten naechsten",
        "pt": "ponto pontos recolha retirada loja locker proximo perto levantar",
        "it": "punto punti ritiro negozio armadietto",
        "hi-Latn": "pickup point dukaan dukan nazdeeki pass",
        "hi": "पिकअप प्वाइंट पॉइंट दुकान नज़दीकी",
    }
)
_ACCESS = _words(
    {
        "en": "code codes door doors gate bell intercom buzzer access entry entrance building floor",
        "fr": "code codes porte portail sonnette interphone acces entree batiment immeuble digicode etage",
        "es": "codigo puerta portal timbre telefonillo acceso entrada edificio piso",
        "de": "code tur tuer tor klingel sprechanlage zugang eingang gebaude stock etage turcode",
        "pt": "codigo porta portao campainha interfone acesso entrada predio andar",
        "it": "codice porta portone cancello campanello citofono accesso ingresso edificio piano",
        "hi-Latn": "code darwaza gate ghanti manzil entry",
        "hi": "कोड दरवाज़ा दरवाजा गेट घंटी मंज़िल",
    }
)
_OUTSIDE = _words({
    "en": "outside", "fr": "dehors exterieur", "es": "afuera", "de": "draussen", "hi-Latn": "bahar", "hi": "बाहर",
})  # fmt: skip
_ADDRESS = _words({
    "en": "number", "fr": "numero", "es": "numero", "de": "nummer hausnummer", "pt": "numero", "it": "numero",
})  # fmt: skip
# Where a neighbour lives: beside a name it is only the rest of it.
DWELLING = _words({
    "en": "house flat unit door", "fr": "maison porte appt appart batiment", "es": "casa puerta apartamento apto bajo portal",
    "de": "wohnung hausnummer haus whg aufgang", "pt": "casa apto bloco porta", "it": "casa interno portone scala",
    "hi-Latn": "makan ghar makaan flat", "hi": "मकान घर",
})  # fmt: skip
WITHIN = _words({
    "en": "flat apartment apt unit floor suite building block door stairs", "fr": "appartement appart appt apt etage bat batiment escalier porte residence",
    "es": "piso puerta portal escalera bloque apartamento", "de": "wohnung stock etage hinterhaus vorderhaus aufgang whg",
    "pt": "apartamento apto andar bloco", "it": "interno scala piano appartamento palazzina", "hi-Latn": "flat manzil",
    "hi": "फ्लैट फ़्लैट मंज़िल",
})  # fmt: skip
"""What begins a part of an address that lies within a house: no street of its own."""

OWN: dict[RequestKind, frozenset[str]] = {
    **dict.fromkeys(RequestKind, frozenset[str]()),
    RequestKind.neighbour: _NEIGHBOUR,
    RequestKind.pickup_point: _PICKUP,
    RequestKind.access_note: _ACCESS,
    RequestKind.safe_place: _OUTSIDE,
    RequestKind.change_address: _ADDRESS,
}
"""What names the kind itself, and so tells nothing more."""

KEPT: dict[RequestKind, frozenset[str]] = {
    **OWN,
    RequestKind.change_address: frozenset[str](),
    RequestKind.safe_place: frozenset[str](),
}
"""Words of the kind that belong to the detail when they stand right before it ("gate code 44")."""

LEADING = _words(
    {
        "en": "with in at on by behind under next to near the my our his her a an through from no of",
        "fr": "chez dans a au aux sur sous derriere pres le la les l ma mon mes notre un une du de des",
        "es": "con en al a la el los mi nuestra nuestro detras debajo junto un una del de",
        "de": "bei beim in im an am auf hinter unter neben der die das dem den meiner meinem meine mein unserer unserem einem",
        "pt": "com em no na ao a o meu minha atras debaixo junto perto do da um uma",
        "it": "con in nel nella al alla dal dalla dietro sotto vicino accanto il la lo l mio mia un una",
        "hi-Latn": "mere meri mera ke ki ka",
        "hi": "मेरे मेरी मेरा के की का",
    }
)
TITLES = _words({
    "en": "mr mrs ms miss dr", "fr": "m mme mlle monsieur madame", "es": "sr sra senor senora don dona",
    "de": "herr herrn frau familie fam", "pt": "sr sra senhor senhora dona seu", "it": "sig signor signora",
    "hi-Latn": "ji sharmaji uncle aunty bhabhi", "hi": "श्री श्रीमती अंकल आंटी",
}) - {"m", "seu", "don", "ji"}  # fmt: skip

POLITE = _words({
    "en": "please pls plz thanks thank you thx ok then instead", "fr": "svp stp merci s il vous te plait alors plutot",
    "es": "por favor porfa gracias entonces mejor", "de": "bitte danke dann lieber", "pt": "por favor obrigado obrigada entao",
    "it": "per favore grazie allora", "hi-Latn": "plz please ji bhaiya bhai", "hi": "कृपया धन्यवाद जी",
})  # fmt: skip

CUES: dict[RequestKind, frozenset[str]] = {
    **dict.fromkeys(RequestKind, frozenset[str]()),
    RequestKind.neighbour: _words({
        "en": "next upstairs downstairs opposite across flat apartment floor number shop baker bakery concierge reception",
        "fr": "palier face etage gauche droite dessus dessous numero appartement gardien gardienne concierge conciergerie loge accueil boulangerie",
        "es": "enfrente arriba abajo izquierda derecha piso puerta numero portero conserje conserjeria porteria recepcion",
        "de": "nebenan gegenuber oben unten links rechts stock etage nummer hausmeister erdgeschoss empfang rezeption pforte",
        "pt": "frente cima baixo lado esquerda direita andar numero porteiro portaria recepcao apartamento",
        "it": "fronte sopra sotto sinistra destra piano numero portiere portineria reception",
        "hi-Latn": "samne upar neeche niche bagal manzil flat chowkidar guard",
        "hi": "सामने ऊपर नीचे बगल मंज़िल फ्लैट चौकीदार",
    }),
    RequestKind.safe_place: _words({
        "en": """shed porch garage bin bins behind under garden backyard yard patio carport mailbox letterbox box bush plant pot
            mat doormat step steps bench greenhouse barn fence stairs stairwell hallway lobby reception cupboard meter balcony
            terrace conservatory back rear side wall corner canopy bike boot trunk car tree pallet door porch front""",
        "fr": """abri garage derriere sous jardin terrasse cour poubelle poubelles boite paillasson veranda balcon escalier
            hall local compteur cabanon haie muret portail porche remise cave banc pot buisson sas loge porte palier
            perron coffre voiture grange arbre""",
        "es": """garaje detras debajo jardin terraza patio cobertizo felpudo buzon maceta porche escalera portal banco valla
            contenedor trastero balcon caseta seto puerta rellano coche arbol""",
        "de": """garage hinter unter garten terrasse hof schuppen carport mulltonne muelltonne tonne fussmatte fußmatte
            briefkasten gartenhaus balkon treppe treppenhaus flur hausflur keller bank blumentopf veranda vordach zaun hecke
            kiste box ablage tur tuer haustur haustuer gartentor auto baum scheune""",
        "pt": """garagem atras debaixo jardim varanda quintal terraco telheiro capacho caixa vaso escada hall portaria banco
            alpendre barracao muro porta arvore carro""",
        "it": """garage dietro sotto giardino terrazza cortile capanno zerbino cassetta vaso portico scala scale androne
            balcone siepe panca cantina box porta pianerottolo albero auto""",
        "hi-Latn": "garage peeche pichhe neeche niche garden bagiche balcony seedhi darwaze darwaza gamle gate chhat almari box guard",
        "hi": "गैरेज पीछे नीचे बगीचे बालकनी सीढ़ी दरवाज़े दरवाजे दरवाज़ा गमले छत गार्ड",
    }),
    RequestKind.access_note: _words({
        "en": """ring knock call phone bell buzzer intercom broken dog key keypad back side stairs lift elevator lobby left right
            concierge buzz press flat apartment floor""",
        "fr": """sonner sonnez sonnette frapper frappez appeler appelez interphone casse casse panne chien cle arriere cote
            escalier ascenseur gauche droite gardien concierge fond etage appartement batiment digicode""",
        "es": """llamar llame timbre telefonillo roto perro llave escalera ascensor izquierda derecha portero piso fondo tocar
            toque""",
        "de": """klingeln klingel klopfen anrufen kaputt hund schlussel schluessel hinterhaus hintereingang seiteneingang treppe
            aufzug links rechts etage stock erdgeschoss hausmeister""",
        "pt": "tocar toque campainha interfone ligar quebrado quebrada cachorro cao chave escada elevador esquerda direita porteiro andar fundos",
        "it": "suonare suoni bussare citofono campanello chiamare rotto cane chiave scala ascensore sinistra destra portiere piano retro",
        "hi-Latn": "ghanti bell kharab kutta chaabi chabi seedhi lift upar neeche call phone manzil guard",
        "hi": "घंटी खराब कुत्ता चाबी सीढ़ी लिफ्ट ऊपर नीचे फोन मंज़िल",
    }),
}  # fmt: skip
"""What a message names when it tells more than the wish."""
