import type { ImportKind } from '@rapport/protocol'

/**
 * Names that columns of each target have in English, German, French, Spanish and Italian, without accents, words apart.
 * One phrase between commas; the first ones are as good as the later ones.
 */
const products = `
  product id, product, product code, product number, product no, product key, stock code, stockcode, sku, item id, item,
  item code, item no, item number, item sku, product sku, article, article id, article number, article code, variant id,
  variant sku, lineitem sku, upc, ean, gtin, asin, style code, artikelnummer, artikel nr, artikelnr, artikel, artikel id,
  produktnummer, produkt id, produkt nr, produkt, art nr, code article, reference, ref, reference produit, code produit,
  id produit, produit, codigo, codigo articulo, codigo de articulo, codigo producto, codigo de producto, id producto,
  producto, referencia, articulo, codice, codice articolo, codice prodotto, id prodotto, prodotto, articolo, riferimento`
const customers = `
  customer id, customer, customer number, customer no, customer code, customer key, customer ref, cust id, cust, cust no,
  cust nr, client id, client, client number, client no, user id, user, buyer, buyer id, shopper, shopper id, member id,
  member, member no, member number, member nr, membership number, membership no, membership id, loyalty id, loyalty number,
  card number, account id, account, account no, account number, contact id, person id, household, household id, household key, visitor id, subscriber id,
  kundennummer, kunden nr, kundennr, kunde, kunden id, kundenid, kd nr, kdnr, kunden nummer, mitgliedsnummer, mitglieds nr, mitglied, kaufer, n client, no client,
  numero client, numero de client, id client, code client, identifiant client, acheteur, id cliente, cliente,
  codigo cliente, codigo de cliente, numero de cliente, num cliente, cliente id, comprador, codice cliente,
  numero cliente, cliente numero, acquirente`
const names = `
  description, desc, descr, product name, product description, item name, item description, product title, title, name,
  item title, article name, lineitem name, bezeichnung, artikelbezeichnung, beschreibung, produktname, artikelname,
  produktbezeichnung, artikeltext, designation, libelle, nom produit, nom du produit, nom article, description produit,
  descripcion, nombre producto, nombre del producto, nombre articulo, nombre, descrizione, nome prodotto,
  nome del prodotto, nome articolo, nome`
const categories = `
  category, product category, category name, product type, type, department, product group, collection, family, category path,
  kategorie, warengruppe, produktgruppe, artikelgruppe, produktkategorie, categorie, famille, rayon, categorie produit,
  categoria, departamento, familia, categoria producto, categoria prodotto, reparto, famiglia`
const currencies = `currency, cur, curr, ccy, currency code, iso currency, order currency, wahrung, waehrung, devise, monnaie, moneda, divisa, valuta`
const countries = `
  country, country name, country code, customer country, shipping country, billing country, ship country, nation, market,
  land, staat, lieferland, rechnungsland, pays, pais, paese, nazione`
const sources = `
  source, channel, traffic source, utm source, order source, sales channel, referrer source, acquisition channel, quelle,
  kanal, vertriebskanal, canal, origine, origen, canale, fonte, provenienza`
const unitCosts = `
  unit cost, cost, cost price, cost per item, cogs, purchase price, buying price, wholesale price, einkaufspreis, ek,
  einstandspreis, stuckkosten, kosten, cout, cout unitaire, prix d achat, prix achat, coste, costo, coste unitario,
  precio de compra, costo unitario, prezzo di acquisto, prezzo acquisto`
const consent = `
  consent, opt in, optin, opted in, has consent, consent given, gdpr consent, accepts marketing, marketing consent,
  marketing opt in, marketing, subscribed, is subscribed, einwilligung, zustimmung, werbeeinwilligung, consentement,
  accord, consentimiento, acepta publicidad, consenso, consenso marketing, accetta marketing`
const emails = `email, e mail, mail, email address, e mail address, mail address, customer email, emailadresse, e mail adresse, mailadresse, courriel, adresse email, adresse e mail, adresse mail, correo, correo electronico, indirizzo email, posta elettronica`

/** Phrases of each target of a kind, set apart by commas. */
export const headerPhrases: Readonly<Record<ImportKind, Readonly<Record<string, string>>>> = {
  orders: {
    order_id: `order id, order, order number, order no, order nr, order code, order key, order ref, order name, invoice,
      invoice id, invoice no, invoice number, invoice nr, inv no, inv, receipt, receipt id, receipt number, receipt no,
      transaction id, transaction, transaction no, transaction number, basket, basket id, ticket, ticket number, bill no, bill number,
      bill, sale id, purchase id, checkout id, cart id, document number, document no, voucher number, bestellnummer, bestell nr,
      bestellnr, bestellung, bestell id, bestellungs id, auftragsnummer, auftrag, auftrags nr, rechnungsnummer, rechnungs nr, rechnungsnr, rechnung,
      belegnummer, beleg nr, beleg, commande, n commande, no commande, numero commande, numero de commande, id commande, facture,
      n facture, no facture, no de facture, numero facture, numero de facture, ticket de caisse, pedido, id pedido,
      numero pedido, numero de pedido, n pedido, factura, numero factura, numero de factura, n factura, ordine, id ordine,
      numero ordine, numero d ordine, n ordine, fattura, numero fattura, n fattura, scontrino, numero scontrino`,
    customer_id: customers,
    occurred_at: `occurred at, date, when, time, timestamp, datetime, date time, order date, order time, order datetime, order timestamp, ordered at, ordered on, invoice date, invoice datetime, invoice timestamp,
      invoice time, transaction date, transaction time, transaction timestamp, purchase date, purchase time, purchase ts, purchased at, purchased on, order purchase timestamp, created at, created, paid at,
      processed at, sale date, sold at, sold on, receipt date, billing date, day, ts, order ts, datum, bestelldatum,
      rechnungsdatum, kaufdatum, auftragsdatum, belegdatum, buchungsdatum, bestellt am, gekauft am, zeitpunkt, zeitstempel, date commande, date de commande,
      date facture, date de facture, date de la facture, date achat, date d achat, horodatage, fecha, fecha pedido, fecha de pedido, fecha del pedido, fecha factura, fecha de factura, fecha compra,
      fecha de compra, fecha hora, data, data ordine, data dell ordine, data fattura, data acquisto, data di acquisto, data ora, data vendita`,
    product_id: products,
    description: names,
    category: categories,
    quantity: `quantity, qty, qnty, quant, units, units sold, unit count, number of items, no of items, items, item count, pieces, pcs, count, order quantity,
      quantity ordered, order qty, number of units, lineitem quantity, menge, anzahl, stuck, stuckzahl, bestellmenge, quantite, qte, nombre, nb, nb articles,
      quantite commandee, cantidad, cant, unidades, quantita, qta, pezzi, numero pezzi`,
    unit_price: `unit price, price, price each, each, item price, price per unit, price per item, unit amount, sale price, selling price, product price, list price,
      lineitem price, unit value, einzelpreis, stuckpreis, preis, preis pro stuck, verkaufspreis, vk, preis je stuck, prix unitaire, prix, pu, prix u, prix de vente,
      precio unitario, precio, precio unidad, precio por unidad, precio de venta, prezzo unitario, prezzo, prezzo di vendita, prezzo unita`,
    amount: `amount, total, revenue, sales, sales amount, order amount, order total, order value, total amount, total price, total value, grand total, subtotal,
      net amount, gross amount, line total, line amount, extended price, transaction amount, payment value, payment amount, amount paid, spend, spent, turnover, dollar value, value,
      gross sales, net sales, purchase amount, sale amount, order revenue, invoice amount, invoice total, betrag, gesamtbetrag, summe, umsatz, gesamtpreis, gesamt, bestellwert, rechnungsbetrag, auftragswert,
      gesamtsumme, montant, montant total, total ttc, total ht, chiffre d affaires, ca, prix total, montant commande, importe, importe total, monto, monto total, total pedido,
      ventas, ingresos, precio total, importo, importo totale, totale, totale ordine, ricavo, ricavi, fatturato, prezzo totale`,
    discount: `discount, discount amount, discounts, order discount, total discount, coupon discount, rabatt, rabattbetrag, nachlass, remise, reduction, montant remise, descuento,
      rebaja, sconto, importo sconto`,
    tax: `tax, taxes, tax amount, vat, vat amount, sales tax, total tax, gst, steuer, mwst, mehrwertsteuer, ust, umsatzsteuer, steuerbetrag, tva, montant tva, taxe, iva, impuesto, impuestos, imposta`,
    shipping: `shipping, shipping cost, shipping amount, shipping fee, shipping price, shipping charge, delivery cost, delivery fee, delivery charge, freight, freight value, postage, versand, versandkosten,
      porto, lieferkosten, frais de port, frais de livraison, livraison, envio, gastos de envio, coste de envio, spedizione, spese di spedizione,
      costo spedizione`,
    refund: `refund, refunded, refund amount, refunded amount, amount refunded, total refunded, erstattung, erstattungsbetrag, ruckerstattung, gutschrift,
      remboursement, montant rembourse, reembolso, importe reembolsado, rimborso, importo rimborsato`,
    unit_cost: unitCosts,
    currency: currencies,
    status: `status, order status, state, order state, financial status, fulfillment status, payment status, order type, transaction type, bestellstatus, auftragsstatus, zustand, statut, statut commande,
      etat, estado, estado pedido, estado del pedido, stato, stato ordine`,
    cancelled_at: `cancelled at, canceled at, cancelled on, canceled on, cancelled date, cancellation date, cancel date, voided at, storniert am, stornodatum, stornierungsdatum,
      annule le, date annulation, date d annulation, fecha cancelacion, fecha de cancelacion, cancelado el, data annullamento, data di annullamento, annullato il`,
    country: countries,
    source: sources,
    message_id: `message id, messageid, record id, line id, event id`,
  },
  events: {
    message_id: `message id, messageid, event id, record id, uuid, insert id, id`,
    customer_id: `${customers}, userid, anonymous id, anonymousid, distinct id, visitor, client id`,
    call: `call, call type, type, event kind`,
    name: `name, event, event name, event type, action, activity, event action, ereignis, ereignisname, aktion, evenement, nom evenement, evento, nombre evento, accion, nome evento,
      azione`,
    occurred_at: `occurred at, timestamp, time, date, datetime, event time, event date, event timestamp, original timestamp, sent at, created at, ts, happened at, datum, zeit, zeitpunkt, zeitstempel,
      horodatage, heure, date evenement, fecha, fecha hora, hora, data, data ora, ora`,
    received_at: `received at, receivedat, ingested at, loaded at, empfangen am, recu le, recibido, ricevuto`,
    session_id: `session id, session, sessionid, visit id, visit, user session, ga session id, sitzung, sitzungs id, besuch, visite, sesion, id sesion, sessione`,
    product_id: `${products}, properties product id, properties sku`,
    quantity: `quantity, qty, units, menge, anzahl, quantite, cantidad, quantita, properties quantity`,
    price: `price, unit price, item price, value, amount, preis, prix, precio, prezzo, properties price`,
    currency: `${currencies}, properties currency`,
    source: `${sources}, utm medium, medium, context campaign source`,
    about_message_id: `about message id, email id, campaign message id, properties message id`,
    body: `body, text, message, comment, review, review text, review body, feedback, content, answer, kommentar, nachricht, bewertungstext, commentaire, avis, texte, comentario, texto, opinion,
      commento, testo, recensione`,
  },
  customers: {
    customer_id: `${customers}, record id, id, customerid, code, key, codigo, codice, kennung, identifiant`,
    email: emails,
    phone: `phone, phone number, telephone, tel, mobile, mobile number, cell, cell phone, telefon, telefonnummer, handy, mobil, handynummer, rufnummer, telephone portable, portable, telefono, movil, numero de telefono, cellulare, numero di telefono`,
    first_name: `first name, firstname, given name, forename, fname, vorname, prenom, nombre, primer nombre, nome`,
    last_name: `last name, lastname, surname, family name, lname, nachname, familienname, nom, nom de famille, apellido, apellidos, cognome`,
    birth_date: `birth date, date of birth, dob, birthday, birthdate, year birth, birth year, year of birth, born, geburtsdatum, geburtstag, geburtsjahr, date de naissance, date naissance, annee de naissance, annee naissance, fecha de nacimiento, fecha nacimiento, ano de nacimiento, ano nacimiento, data di nascita, data nascita, anno di nascita, anno nascita`,
    gender: `gender, sex, geschlecht, genre, sexe, genero, sexo, genere, sesso`,
    country: countries,
    region: `region, state, province, county, state code, bundesland, kanton, departement, provincia, comunidad autonoma, estado, regione`,
    city: `city, town, city name, stadt, ort, wohnort, ville, commune, ciudad, poblacion, localidad, citta, comune`,
    postal_code: `postal code, post code, postcode, zip, zip code, zipcode, plz, postleitzahl, code postal, codigo postal, cp, cap, codice postale`,
    income: `income, annual income, yearly income, household income, salary, annual income k, einkommen, jahreseinkommen, haushaltseinkommen, gehalt, revenu, revenu annuel, revenus, salaire, ingresos, ingreso, ingresos anuales, renta, salario, reddito, reddito annuo, stipendio`,
    education: `education, education level, degree, schooling, bildung, bildungsabschluss, ausbildung, abschluss, schulabschluss, etudes, niveau d etudes, niveau etudes, formation, diplome, educacion, nivel de estudios, estudios, nivel educativo, istruzione, titolo di studio, livello di istruzione`,
    created_at: `created at, created, created on, create date, creation date, registered at, registration date, registered on, signup date, sign up date, signed up at, signup at, join date, joined, joined at, member since, customer since, dt customer, date customer, customer date, enrollment date, account created, first seen, kunde seit, registriert am, registrierungsdatum, anmeldedatum, eintrittsdatum, angelegt am, erstellt am, client depuis, date inscription, date d inscription, inscrit le, date de creation, date creation, cliente desde, fecha de alta, fecha alta, fecha registro, fecha de registro, fecha de creacion, cliente dal, data registrazione, data di registrazione, data iscrizione, data di iscrizione, data creazione`,
    known_at: `known at, updated at, last updated, modified at, last modified, last modified date, as of, snapshot date, stand, aktualisiert am, mis a jour le, date de mise a jour, actualizado, fecha de actualizacion, aggiornato il, data aggiornamento`,
    consent,
    marketing_email: `marketing email, email consent, email opt in, email marketing, email marketing consent, accepts email marketing, accepts email, newsletter, newsletter opt in, newsletter consent, email subscribed, email permission, newsletter einwilligung, newsletter anmeldung, email einwilligung, abonne newsletter, consentement email, suscrito newsletter, boletin, consentimiento email, iscritto newsletter, consenso email`,
    marketing_social: `marketing social, accepts social, social consent, social opt in, social media consent`,
    marketing_ads: `marketing ads, accepts ads, accepts advertising, ads consent, ad consent, ad opt in, personalized ads, ads opt in`,
    consent_at: `consent at, consent date, consent timestamp, opt in date, opted in at, opt in at, optin date, consent time, einwilligung am, einwilligungsdatum, date consentement, date du consentement, fecha consentimiento, data consenso`,
  },
  products: {
    product_id: `${products}, id, code, handle, key`,
    name: names,
    category: `${categories}, google product category`,
    brand: `brand, brand name, vendor, manufacturer, maker, label, marke, hersteller, marque, fabricant, marca, fabricante, produttore`,
    price: `price, unit price, list price, sale price, selling price, retail price, variant price, rrp, msrp, preis, verkaufspreis, vk, listenpreis, einzelpreis, prix, prix de vente, prix unitaire, pvp, precio, precio de venta, precio unitario, prezzo, prezzo di vendita, prezzo unitario, prezzo di listino`,
    unit_cost: unitCosts,
    currency: currencies,
    is_available: `is available, available, availability, in stock, instock, active, is active, published, enabled, for sale, verfugbar, lieferbar, aktiv, auf lager, disponible, en stock, actif, activo, en existencias, disponibile, attivo, in magazzino`,
    stock: `stock, stock quantity, stock level, stock qty, stock on hand, on hand, quantity on hand, qty on hand, quantity in stock, inventory, inventory quantity, inventory level, variant inventory qty, available quantity, available stock, lagerbestand, bestand, lagermenge, stock disponible, quantite en stock, existencias, unidades en stock, giacenza, scorta, scorte`,
    known_at: `known at, updated at, last updated, modified at, last modified, aktualisiert am, geandert am, mis a jour le, actualizado, fecha de actualizacion, aggiornato il`,
  },
}
