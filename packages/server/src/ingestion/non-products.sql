-- name: find_non_products
-- By the code or the description that a code has most often. A shop whose codes are mostly words is not judged by shape.
insert into non_products
with codes as (
  select product_id, mode(description) as description, count(*) as lines
  from order_lines
  where product_id is not null
  group by product_id
),
shapes as (
  select *, regexp_matches(product_id, '[0-9]') as has_digit,
    sum(lines) filter (regexp_matches(product_id, '[0-9]')) over () / sum(lines) over () as share_with_digit
  from codes
),
words as (
  select *, strip_accents(lower(coalesce(description, '') || ' ' || product_id)) as words
  from shapes
)
select product_id, rule
from (
  select product_id,
    case
      when regexp_matches(words, '(^|[^a-z])(postage|shipping|carriage|delivery (fee|charge|cost)|freight|porto|versand(kosten)?|livraison|frais de port|envio|gastos de envio|spedizione|spese di spedizione|p&p)([^a-z]|$)') then 'postage'
      when regexp_matches(words, '(^|[^a-z])(bank charges?|amazon fee|commission|handling fee|gebuhr(en)?|frais bancaires|comision(es)?|commissioni)([^a-z]|$)|^(fee|fees)( |$)') then 'fee'
      when regexp_matches(words, '^(manual|adjust|adjustment|adjust bad debt|bad debt|correction|korrektur|ajuste|rettifica|ajustement)([^a-z]|$)|adjustment by|bad debt') then 'manual correction'
      when regexp_matches(words, '^(discount|rabatt|remise|descuento|sconto)([^a-z]|$)') then 'discount'
      when regexp_matches(words, '^(samples?|muster|echantillons?|muestras?|campion[ei])( |$)') then 'sample'
      when regexp_matches(words, '(^|[^a-z])(gift ?(voucher|card|certificate)|geschenkgutschein|gutschein|bon cadeau|carte cadeau|tarjeta regalo|vale regalo|buono regalo|dotcomgiftshop gift voucher)([^a-z]|$)') then 'gift voucher'
      when regexp_matches(words, '^(this is a test|test product|testprodukt|test$)|(^|[^a-z])test(product|produkt)?[0-9]*$') then 'test'
      when not has_digit and share_with_digit >= 0.9 then 'code without digits'
    end as rule
  from words
)
where rule is not null;
