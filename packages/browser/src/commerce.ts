/** A product in an event, after Segment's e-commerce spec. Money is in the currency's unit. */
export interface ProductProperties {
  readonly product_id?: string
  readonly sku?: string
  readonly name?: string
  readonly category?: string
  readonly brand?: string
  readonly variant?: string
  readonly price?: number
  readonly quantity?: number
  readonly currency?: string
  readonly coupon?: string
  readonly position?: number
  readonly url?: string
  readonly image_url?: string
  readonly [property: string]: unknown
}

export interface ProductListProperties {
  readonly list_id?: string
  readonly category?: string
  readonly products?: readonly ProductProperties[]
  readonly [property: string]: unknown
}

export interface SearchProperties {
  readonly query: string
  readonly [property: string]: unknown
}

export interface CartProperties {
  readonly cart_id?: string
  readonly products?: readonly ProductProperties[]
  readonly currency?: string
  readonly value?: number
  readonly [property: string]: unknown
}

export interface PromotionProperties {
  readonly promotion_id?: string
  readonly creative?: string
  readonly name?: string
  readonly position?: string
  readonly [property: string]: unknown
}

export interface CheckoutStepProperties {
  readonly checkout_id?: string
  readonly step?: number
  readonly shipping_method?: string
  readonly payment_method?: string
  readonly [property: string]: unknown
}

export interface CouponProperties {
  readonly coupon_id?: string
  readonly coupon_name?: string
  readonly order_id?: string
  readonly cart_id?: string
  readonly discount?: number
  readonly reason?: string
  readonly [property: string]: unknown
}

/** What will be, or is, an order. Whatever is left out counts as unknown, never as zero. */
export interface CheckoutProperties {
  readonly order_id?: string
  readonly products?: readonly ProductProperties[]
  /** ISO 4217. */
  readonly currency?: string
  /** What the customer pays, with shipping and tax. */
  readonly total?: number
  /** Without shipping and tax. */
  readonly revenue?: number
  readonly subtotal?: number
  readonly shipping?: number
  readonly tax?: number
  readonly discount?: number
  readonly coupon?: string
  readonly affiliation?: string
  readonly checkout_id?: string
  readonly [property: string]: unknown
}

export interface OrderProperties extends CheckoutProperties {
  readonly order_id: string
}

export interface ReviewProperties {
  readonly product_id: string
  readonly review_id?: string
  readonly review_body?: string
  readonly rating?: number
  readonly [property: string]: unknown
}

/** What each call says; its event's name is in `commerceEvents`. */
export interface CommerceProperties {
  productsSearched: SearchProperties
  productListViewed: ProductListProperties
  productListFiltered: ProductListProperties
  promotionViewed: PromotionProperties
  promotionClicked: PromotionProperties
  productClicked: ProductProperties
  productViewed: ProductProperties
  productAdded: ProductProperties
  productRemoved: ProductProperties
  cartViewed: CartProperties
  checkoutStarted: CheckoutProperties
  checkoutStepViewed: CheckoutStepProperties
  checkoutStepCompleted: CheckoutStepProperties
  paymentInfoEntered: CheckoutStepProperties
  orderCompleted: OrderProperties
  orderUpdated: OrderProperties
  orderRefunded: OrderProperties
  orderCancelled: OrderProperties
  couponEntered: CouponProperties
  couponApplied: CouponProperties
  couponDenied: CouponProperties
  couponRemoved: CouponProperties
  productAddedToWishlist: ProductProperties
  productRemovedFromWishlist: ProductProperties
  wishlistProductAddedToCart: ProductProperties
  productReviewed: ReviewProperties
}

/** The names of Segment's e-commerce spec, by the call that sends them. */
export const commerceEvents = {
  productsSearched: 'Products Searched',
  productListViewed: 'Product List Viewed',
  productListFiltered: 'Product List Filtered',
  promotionViewed: 'Promotion Viewed',
  promotionClicked: 'Promotion Clicked',
  productClicked: 'Product Clicked',
  productViewed: 'Product Viewed',
  productAdded: 'Product Added',
  productRemoved: 'Product Removed',
  cartViewed: 'Cart Viewed',
  checkoutStarted: 'Checkout Started',
  checkoutStepViewed: 'Checkout Step Viewed',
  checkoutStepCompleted: 'Checkout Step Completed',
  paymentInfoEntered: 'Payment Info Entered',
  orderCompleted: 'Order Completed',
  orderUpdated: 'Order Updated',
  orderRefunded: 'Order Refunded',
  orderCancelled: 'Order Cancelled',
  couponEntered: 'Coupon Entered',
  couponApplied: 'Coupon Applied',
  couponDenied: 'Coupon Denied',
  couponRemoved: 'Coupon Removed',
  productAddedToWishlist: 'Product Added to Wishlist',
  productRemovedFromWishlist: 'Product Removed from Wishlist',
  wishlistProductAddedToCart: 'Wishlist Product Added to Cart',
  productReviewed: 'Product Reviewed',
} as const satisfies { readonly [Name in keyof CommerceProperties]: string }
