#pragma once
// What a world in C++ says of itself: its parameters, its competitor types. Included by
// joust/world.hpp.

#include <joust/plugin.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace joust {
inline namespace plugin_abi_1 {

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
  friend class Declaration;

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

// What a world says of itself: see joust worlds LIBRARY.
class Declaration {
 public:
  Declaration(std::string name, std::string summary) {
    plugin_.abi_version = JOUST_PLUGIN_ABI;
    plugin_.struct_size = sizeof(joust_plugin);
    plugin_.name = keep(std::move(name));
    plugin_.summary = keep(std::move(summary));
    plugin_.min_seats = plugin_.max_seats = plugin_.default_seats = 2;
  }

  // Competitors per world: two, if this is not called.
  void seats(std::uint32_t least, std::uint32_t most, std::uint32_t by_default) {
    plugin_.min_seats = least;
    plugin_.max_seats = most;
    plugin_.default_seats = by_default;
  }

  void parameter(Parameter parameter) { parameters_.push_back(c_form(parameter)); }

  void competitor(std::string name, std::string summary, std::vector<Parameter> parameters = {}) {
    std::vector<joust_parameter>& own = lists_.emplace_back();
    for (const Parameter& each : parameters) own.push_back(c_form(each));
    competitors_.push_back(
        {keep(std::move(name)), keep(std::move(summary)), own.data(), own.size()});
  }

  // For JOUST_PLUGIN: valid as long as this object is neither changed nor moved.
  joust_plugin& c_form() {
    plugin_.parameters = parameters_.data();
    plugin_.parameter_count = parameters_.size();
    plugin_.competitor_types = competitors_.data();
    plugin_.competitor_type_count = competitors_.size();
    return plugin_;
  }

 private:
  const char* keep(std::string text) { return texts_.emplace_back(std::move(text)).c_str(); }
  joust_text keep_sized(const std::string& text) { return {keep(text), text.size()}; }

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

  joust_plugin plugin_{};
  std::vector<joust_parameter> parameters_;
  std::vector<joust_competitor_type> competitors_;
  // deques: what they hold stays where it is
  std::deque<std::string> texts_;
  std::deque<std::vector<joust_parameter>> lists_;
  std::deque<std::vector<joust_text>> text_lists_;
  std::deque<std::vector<const char*>> choices_;
};

}  // namespace plugin_abi_1
}  // namespace joust
