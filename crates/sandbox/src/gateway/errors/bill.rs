//! The errors of bills: the files, and the lines of the account. Only the first three have words in
//! the documents.

super::code::family! {
    INVAILID_ARGUMENTS = "40004" "INVAILID_ARGUMENTS" "入参不合法";
    BILL_NOT_EXIST = "40004" "BILL_NOT_EXIST" "账单不存在";
    BILL_DATE_BEFORE_REGISTRATION = "40004" "BILL_DATE_BEFORE_REGISTRATION" "账单日期早于用户注册日期";
    TYPE_NOT_SUPPORTED = "40004" "TYPE_NOT_SUPPORTED" "账单类型不支持";
    BILL_INVALID_PARAMETER = "40004" "INVALID_PARAMETER" "参数无效";
}
