-- name: find_non_products
-- A code is judged by the description on more than half of its described lines (notes of the warehouse such as 'damaged'
-- lie beside the name), or by itself where it has none. Words that goods are called too (a carriage clock, an assortment
-- of gift cards, port from Porto) count only when they are, but for a word, the whole description.
--
-- Where nine lines in ten have codes with a digit, a code without one is a charge when its amount is another one on at
-- least half of its lines: goods have a price. Codes of fewer than five such lines are not judged by their shape.
insert into non_products
with codes as materialized (
  select product_id, description, count(*) as lines from order_lines where product_id is not null group by all
),
named as (
  select product_id, strip_accents(lower(trim(coalesce(nullif(trim(description), ''), product_id)))) as words,
    nullif(trim(description), '') is not null as is_described, sum(lines)::bigint as lines
  from codes
  group by all
),
judged as (
  select *,
    case
      when regexp_matches(words, '(^|[^a-z])(postage|shipping|versand(kosten)?|delivery (fee|charge|cost)s?|frais de (port|livraison)|gastos de envio|spese di spedizione|p&p)([^a-z]|$)')
        or regexp_matches(words, '^([a-z]+ )?(carriage|freight|porto|livraison|envio|spedizione)( (charge|fee|cost)s?)?$') then 'postage'
      when regexp_matches(words, '(^|[^a-z])(bank charges?|amazon ?fee|handling fee|(bank|bearbeitungs)?gebuhr(en)?|frais bancaires)([^a-z]|$)')
        or regexp_matches(words, '^([a-z]+ )?(fees?|commissions?|comision(es)?|commissioni)$') then 'fee'
      when regexp_matches(words, '^(manual|adjust|adjustment|korrektur|correction|ajuste|rettifica|ajustement)$|^adjust(ment)? (by|bad debt)([^a-z]|$)|(^|[^a-z])bad debt([^a-z]|$)|^(manual|price|stock) (adjustment|correction)') then 'manual correction'
      when regexp_matches(words, '^([a-z]+ )?(discounts?|rabatt|remise|descuento|sconto)([^a-z]*)$') then 'discount'
      when regexp_matches(words, '^(samples?|muster|echantillons?|muestras?|campion[ei])$') then 'sample'
      when regexp_matches(words, '(^|[^a-z])(gift ?(voucher|certificate)|geschenkgutschein|gutschein|bon cadeau|vale regalo|buono regalo)s?([^a-z]|$)')
        or regexp_matches(words, '^([a-z]+ )?(gift ?card|carte cadeau|tarjeta regalo)s?[^a-z]*$') then 'gift voucher'
      when regexp_matches(words, '^(this is a test|test product|testprodukt)([^a-z]|$)|^test[0-9]*$') then 'test'
    end as rule
  from named
),
by_words as (
  select product_id, rule
  from judged
  window code as (partition by product_id)
  -- Without any description, the code's own words stand for one.
  qualify rule is not null
    and sum(lines) over (partition by product_id, rule) * 2
      > coalesce(nullif(sum(lines) filter (is_described) over code, 0), sum(lines) over code)
),
by_shape as (
  select product_id
  from order_lines
  where product_id in (select product_id from codes where not regexp_matches(product_id, '[0-9]'))
    and unit_price_micros <> 0
  group by product_id
  having count(*) >= 5 and count(distinct unit_price_micros) * 2 >= count(*)
)
select product_id, min(rule) from by_words group by product_id
union all
select product_id, 'code without digits' from by_shape
where product_id not in (select product_id from by_words)
  and (select sum(lines) filter (regexp_matches(product_id, '[0-9]')) >= 0.9 * sum(lines) from codes);
