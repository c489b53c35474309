#pragma once
// XML held against a description of it, by xmllint.

#include <string>

namespace joust::test {

// What is wrong with the text: not well-formed XML, or not as tests/data/DESCRIPTION says (RELAX
// NG). Empty: nothing. Throws std::runtime_error when xmllint can not be run.
std::string xml_faults(const std::string& xml, const std::string& description);

}  // namespace joust::test
