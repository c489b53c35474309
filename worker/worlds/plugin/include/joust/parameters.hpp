#pragma once
// Parameters of worlds, competitor types and agents in C++: how they are declared, and their
// values. Included by joust/world.hpp and joust/agent.hpp.

#include <joust/plugin.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {
inline namespace plugin_abi_1 {

namespace detail {
class ParameterTexts;
}

// A parameter of the world or of a competitor type, with its default.
class Parameter {
 public:
  static Parameter boolean(std::string name, bool value) {
    return Parameter(JOUST_BOOLEAN, std::move(name)).with(value ? 1 : 0, 0, 0, 0);
  }
  static Parameter integer(std::string name, std::int64_t value) {
    return Parameter(JOUST_INTEGER, std::move(name)).with(value, 0, 0, 0);
  }
  static Parameter real(std::string name, double value) {
    return Parameter(JOUST_REAL, std::move(name)).with(0, 0, value, 0);
  }
  static Parameter text(std::string name, std::string value) {
    return Parameter(JOUST_TEXT, std::move(name)).with({std::move(value)});
  }
  static Parameter text_list(std::string name, std::vector<std::string> values) {
    return Parameter(JOUST_TEXT_LIST, std::move(name)).with(std::move(values));
  }
  static Parameter integer_range(std::string name, std::int64_t low, std::int64_t high) {
    return Parameter(JOUST_INTEGER_RANGE, std::move(name)).with(low, high, 0, 0);
  }
  static Parameter real_range(std::string name, double low, double high) {
    return Parameter(JOUST_REAL_RANGE, std::move(name)).with(0, 0, low, high);
  }
  static Parameter duration(std::string name, std::int64_t nanoseconds) {
    return Parameter(JOUST_DURATION, std::move(name)).with(nanoseconds, 0, 0, 0);
  }
  static Parameter size(std::string name, std::int64_t bytes) {
    return Parameter(JOUST_SIZE, std::move(name)).with(bytes, 0, 0, 0);
  }
  static Parameter file(std::string name) {
    return Parameter(JOUST_FILE, std::move(name)).with({std::string()});
  }

  // The allowed interval, both ends included; of durations in ns, of sizes in bytes.
  Parameter&& between(double low, double high) && {
    minimum_ = low;
    maximum_ = high;
    return std::move(*this);
  }
  Parameter&& at_least(double low) && {
    return std::move(*this).between(low, std::numeric_limits<double>::infinity());
  }
  // The allowed values of a text.
  Parameter&& one_of(std::vector<std::string> choices) && {
    choices_ = std::move(choices);
    return std::move(*this);
  }
  Parameter&& unit(std::string unit) && {
    unit_ = std::move(unit);
    return std::move(*this);
  }
  Parameter&& about(std::string summary) && {
    summary_ = std::move(summary);
    return std::move(*this);
  }

 private:
  friend class detail::ParameterTexts;

  Parameter(joust_kind kind, std::string name) : name_(std::move(name)) { value_.kind = kind; }
  Parameter&& with(std::int64_t integer, std::int64_t integer_high, double real, double real_high) {
    value_.integer = integer;
    value_.integer_high = integer_high;
    value_.real = real;
    value_.real_high = real_high;
    return std::move(*this);
  }
  Parameter&& with(std::vector<std::string> texts) {
    texts_ = std::move(texts);
    return std::move(*this);
  }

  joust_value value_{};
  std::vector<std::string> texts_;
  std::string name_;
  std::string unit_;
  std::string summary_;
  double minimum_ = 0;
  double maximum_ = 0;
  std::vector<std::string> choices_;
};

// The values of all declared parameters. Each function throws std::logic_error when no parameter of
// that name was declared with that kind. Views are valid as long as the world or the agent lives.
class Parameters {
 public:
  Parameters(const joust_named_value* values, std::size_t count) : values_(values), count_(count) {}

  bool boolean(std::string_view name) const { return get(name, JOUST_BOOLEAN).integer != 0; }
  std::int64_t integer(std::string_view name) const { return get(name, JOUST_INTEGER).integer; }
  double real(std::string_view name) const { return get(name, JOUST_REAL).real; }
  std::string_view text(std::string_view name) const { return view(get(name, JOUST_TEXT).text); }
  std::vector<std::string_view> text_list(std::string_view name) const {
    const joust_value& value = get(name, JOUST_TEXT_LIST);
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < value.text_count; ++i) texts.push_back(view(value.texts[i]));
    return texts;
  }
  std::pair<std::int64_t, std::int64_t> integer_range(std::string_view name) const {
    const joust_value& value = get(name, JOUST_INTEGER_RANGE);
    return {value.integer, value.integer_high};
  }
  std::pair<double, double> real_range(std::string_view name) const {
    const joust_value& value = get(name, JOUST_REAL_RANGE);
    return {value.real, value.real_high};
  }
  std::int64_t duration(std::string_view name) const { return get(name, JOUST_DURATION).integer; }
  std::int64_t size(std::string_view name) const { return get(name, JOUST_SIZE).integer; }
  std::string_view file(std::string_view name) const { return view(get(name, JOUST_FILE).text); }

  static std::string_view view(const joust_text& text) {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
  }

 private:
  const joust_value& get(std::string_view name, joust_kind kind) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (view(values_[i].name) == name && values_[i].value.kind == kind) return values_[i].value;
    }
    throw std::logic_error("parameter '" + std::string(name) +
                           "' was not declared, or not with the kind it is read as");
  }

  const joust_named_value* values_;
  std::size_t count_;
};

namespace detail {

// Parameters in their C form, with all that they point to, which stays where it is.
class ParameterTexts {
 public:
  const char* keep(std::string text) { return texts_.emplace_back(std::move(text)).c_str(); }

  joust_parameter c_form(const Parameter& from) {
    joust_parameter to{};
    to.name = keep(from.name_);
    to.unit = keep(from.unit_);
    to.summary = keep(from.summary_);
    to.default_value = from.value_;
    if (from.value_.kind == JOUST_TEXT_LIST) {
      std::vector<joust_text>& list = text_lists_.emplace_back();
      for (const std::string& text : from.texts_) list.push_back(keep_sized(text));
      to.default_value.texts = list.data();
      to.default_value.text_count = list.size();
    } else if (!from.texts_.empty()) {
      to.default_value.text = keep_sized(from.texts_.front());
    }
    to.minimum = from.minimum_;
    to.maximum = from.maximum_;
    std::vector<const char*>& choices = choices_.emplace_back();
    for (const std::string& choice : from.choices_) choices.push_back(keep(choice));
    to.choices = choices.data();
    to.choice_count = choices.size();
    return to;
  }

  // The parameters of one type.
  const std::vector<joust_parameter>& c_list(const std::vector<Parameter>& from) {
    std::vector<joust_parameter>& list = lists_.emplace_back();
    for (const Parameter& each : from) list.push_back(c_form(each));
    return list;
  }

 private:
  joust_text keep_sized(const std::string& text) { return {keep(text), text.size()}; }

  // deques: what they hold stays where it is
  std::deque<std::string> texts_;
  std::deque<std::vector<joust_parameter>> lists_;
  std::deque<std::vector<joust_text>> text_lists_;
  std::deque<std::vector<const char*>> choices_;
};

}  // namespace detail

}  // namespace plugin_abi_1
}  // namespace joust
