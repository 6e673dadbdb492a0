-- What the shop sells. Totals are of everybody, as in the first look: nobody's profile is read.

-- name: daily_sales
-- Sold a day of the store's time zone, in its currency, up to $until; days without a sale are not there.
select epoch_ms((occurred_at at time zone $timezone)::date) / 86400000 as day, sum(amount_micros)::bigint::double / 1000000 as amount
from kept_lines
where kind = 'sale' and currency = $currency and occurred_at <= $until and received_at <= $until
group by day order by day;
