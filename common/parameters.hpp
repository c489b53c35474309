#pragma once
// Named values that a spec gives to a world or a competitor, and the declarations they are checked
// against. A world declares its parameters once; from that come the checks of a spec (unknown key,
// wrong type, out of range), the defaults that `joust plan` shows and the text of `joust worlds`.

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace joust {

struct IntegerRange {  // inclusive; low == high means a constant
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool operator==(const IntegerRange&) const = default;
};

struct RealRange {  // low == high means a constant
  double low = 0;
  double high = 0;
  bool operator==(const RealRange&) const = default;
};

enum class ParameterKind {
  boolean,        // true / false                      -> bool
  integer,        // 7                                 -> std::int64_t
  real,           // 0.25 or 1                         -> double
  text,           // "word"; one of `choices` if given -> std::string
  text_list,      // ["a", "b"]                        -> std::vector<std::string>
  integer_range,  // 50 or [50, 200]                   -> IntegerRange
  real_range,     // 0.5 or [0.2, 1.0]                 -> RealRange
  duration,       // "250ms"                           -> std::int64_t, nanoseconds
  size,           // "2MiB"                            -> std::int64_t, bytes
  file,           // a path, relative to the spec      -> std::string, the file's content
  json,           // anything that JSON can say        -> JsonText
};

// A value that joust only passes on, as JSON on one line.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

using ParameterValue = std::variant<bool, std::int64_t, double, std::string,
                                    std::vector<std::string>, IntegerRange, RealRange, JsonText>;

struct ParameterInfo {
  std::string name;
  ParameterKind kind = ParameterKind::integer;
  ParameterValue default_value;
  std::string unit;     // for people: "steps", "units per line", ""
  std::string summary;  // one line, for people
  // For numbers, ranges (both ends), durations (ns) and sizes (bytes): the allowed interval,
  // inclusive.
  double minimum = std::numeric_limits<double>::lowest();
  double maximum = std::numeric_limits<double>::max();
  std::vector<std::string> choices;  // for text: the allowed values; empty: any
};

// The values of all declared parameters, defaults filled in. Immutable after it was checked; safe
// to read from several threads.
class Parameters {
 public:
  void set(std::string name, ParameterValue value) { values_[std::move(name)] = std::move(value); }

  // REQUIRES: the parameter was declared with the kind that yields T (else std::logic_error: a
  // bug).
  template <class T>
  const T& get(std::string_view name) const;

  const std::map<std::string, ParameterValue, std::less<>>& values() const { return values_; }
  bool operator==(const Parameters&) const = default;

 private:
  std::map<std::string, ParameterValue, std::less<>> values_;
};

// Adds the default of every declared parameter that has no value yet.
void fill_defaults(Parameters& parameters, const std::vector<ParameterInfo>& declared);

// The value as a spec would write it ("[50, 200]", "250ms", "\"word\""); a file's content is shown
// as its hash. Equal values give equal text: the identity of a spec is built from it.
std::string to_text(const ParameterInfo& declared, const ParameterValue& value);

// The name of a kind for messages: "an integer or [low, high]".
std::string_view kind_name(ParameterKind kind);

[[noreturn]] void throw_no_such_parameter(std::string_view name);

template <class T>
const T& Parameters::get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw_no_such_parameter(name);
  const T* value = std::get_if<T>(&found->second);
  if (value == nullptr) throw_no_such_parameter(name);
  return *value;
}

}  // namespace joust
