#pragma once
// A TOML file as a tree of values that know where they stand. The one place that knows the TOML
// library is document.cpp.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace joust::spec {

struct Position {  // counted from 1
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

struct Node;
struct Entry;
using Array = std::vector<Node>;
using Table = std::vector<Entry>;  // in the order of the file
struct DateOrTime {};              // no key of a spec takes one

struct Node {
  Position at;
  std::variant<bool, std::int64_t, double, std::string, DateOrTime, Array, Table> value;
};

struct Entry {
  std::string key;
  Position at;  // of the key; the value has its own
  Node value;
};

class Document {
 public:
  // Throws SpecError, with the position, when the text is not TOML. `label` is the file's name in
  // messages.
  Document(std::string label, std::string_view text);

  const std::string& label() const { return label_; }
  const Table& root() const { return root_; }

  // Throws SpecError "label:line:column: message".
  [[noreturn]] void fail(Position at, std::string_view message) const;

 private:
  std::string label_;
  Table root_;
};

// The entry of that key, or null.
const Entry* find(const Table& table, std::string_view key);

// The value as the file has it, for messages; long texts are cut, tables and lists are named.
std::string show(const Node& node);

}  // namespace joust::spec
