/** What random facts say and random definitions ask for. */

export const eventNames = ['Product Viewed', 'Product Added', 'Order Completed', 'Email Opened']
export const products = ['p1', 'p2', 'p3', 'p4', '\u{1F600}', '\uFFFD']
export const categories = ['Women', 'Women > Dresses', 'Women > Dresses > Long', 'Men', "Kids' > 50%_off", 'Womens']
export const sources = ['email', 'organic', '\u{1F600}', '\uFFFD', '']
export const countries = ['DE', 'AT']
export const plans = ['gold', 'Gold', '12']
export const currency = 'EUR'
