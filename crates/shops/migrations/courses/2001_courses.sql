-- The courses shop: who learns, what is taught, what was ordered, what is open.
CREATE TABLE users (
    user_id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    is_staff BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE courses (
    course_id BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    on_sale BOOLEAN NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    hours BIGINT NOT NULL,
    students BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    level TEXT NOT NULL,
    level_en TEXT NOT NULL,
    teacher TEXT NOT NULL,
    teacher_en TEXT NOT NULL,
    teacher_about TEXT NOT NULL,
    teacher_about_en TEXT NOT NULL,
    brief TEXT NOT NULL,
    brief_en TEXT NOT NULL,
    about TEXT NOT NULL,
    about_en TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX courses_in_order ON courses (position, course_id);

CREATE TABLE lessons (
    course_id BIGINT NOT NULL REFERENCES courses (course_id),
    number BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body TEXT NOT NULL,
    body_en TEXT NOT NULL,
    PRIMARY KEY (course_id, number)
);

CREATE TABLE orders (
    out_trade_no TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (user_id),
    title TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen >= 0),
    status BIGINT NOT NULL CHECK (status BETWEEN 0 AND 3),
    pay_type BIGINT NOT NULL,
    dialect TEXT NOT NULL,
    coupon TEXT,
    trade_no TEXT,
    paid_at BIGINT,
    cancel_asked_at BIGINT,
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen >= 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (status <> 1 OR paid_at IS NOT NULL)
);
CREATE INDEX orders_of_user ON orders (user_id, out_trade_no);
CREATE INDEX orders_by_status ON orders (status, out_trade_no);

-- A detail keeps name and prices: the course may change or go, the order does not.
CREATE TABLE order_details (
    out_trade_no TEXT NOT NULL REFERENCES orders (out_trade_no),
    line BIGINT NOT NULL,
    course_id BIGINT NOT NULL,
    course_name TEXT NOT NULL,
    course_name_en TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity = 1),
    price_fen BIGINT NOT NULL,
    real_price_fen BIGINT NOT NULL,
    PRIMARY KEY (out_trade_no, line),
    UNIQUE (out_trade_no, course_id)
);

-- A course opens for a user once, whatever was paid and however often it was told.
CREATE TABLE enrollments (
    user_id TEXT NOT NULL REFERENCES users (user_id),
    course_id BIGINT NOT NULL,
    out_trade_no TEXT NOT NULL REFERENCES orders (out_trade_no),
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, course_id)
);
CREATE INDEX enrollments_of_order ON enrollments (out_trade_no);

CREATE TABLE cart_items (
    user_id TEXT NOT NULL REFERENCES users (user_id),
    course_id BIGINT NOT NULL REFERENCES courses (course_id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, course_id)
);

-- What the merchant service told us, each event once.
CREATE TABLE delivered_events (
    event_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    delivered_at BIGINT NOT NULL
);

CREATE TABLE order_refunds (
    refund_no TEXT NOT NULL PRIMARY KEY,
    out_trade_no TEXT NOT NULL REFERENCES orders (out_trade_no),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX refunds_of_order ON order_refunds (out_trade_no, created_at);
