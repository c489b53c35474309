#pragma once
// Values as Python's repr writes them: the cells of the reference's tables hold lists and tuples,
// which scripts read back with ast.literal_eval.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "worker/worlds/scml/negotiation.hpp"

namespace joust::worlds::scml {

std::string python_text(std::string_view text);          // 'text'
std::string python_text(const Offer& offer);             // (2, 0, 16): quantity, day, price
std::string python_text(std::span<const Offer> offers);  // [(2, 0, 16), (3, 0, 16)]
std::string python_list(std::initializer_list<std::string_view> texts);   // ['a', 'b']
std::string python_tuple(std::initializer_list<std::string_view> texts);  // ('a', 'b')

inline std::string_view python_text(bool value) { return value ? "True" : "False"; }

}  // namespace joust::worlds::scml
