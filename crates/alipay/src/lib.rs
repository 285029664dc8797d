//! An Alipay SDK: keys, signatures, requests, responses, notices.
