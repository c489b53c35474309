#include "worker/worlds/scml/trace/python_text.hpp"

#include <fmt/format.h>

namespace joust::worlds::scml {
namespace {

std::string joined(std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) {
    if (!all.empty()) all += ", ";
    all += python_text(text);
  }
  return all;
}

}  // namespace

std::string python_text(std::string_view text) {
  constexpr unsigned char kFirstPrintable = 0x20;
  std::string quoted = "'";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < kFirstPrintable) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      continue;
    }
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '\'';
}

std::string python_text(const Offer& offer) {
  return fmt::format("({}, {}, {})", offer.quantity, offer.day, offer.unit_price);
}

std::string python_text(std::span<const Offer> offers) {
  std::string list = "[";
  for (const Offer& offer : offers) {
    if (list.size() > 1) list += ", ";
    list += python_text(offer);
  }
  return list += ']';
}

std::string python_list(std::initializer_list<std::string_view> texts) {
  return "[" + joined(texts) + "]";
}

std::string python_tuple(std::initializer_list<std::string_view> texts) {
  return "(" + joined(texts) + ")";
}

}  // namespace joust::worlds::scml
