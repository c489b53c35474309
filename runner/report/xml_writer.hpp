#pragma once
// XML, written as it comes: always well-formed, whatever the texts hold.

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::report {

using TextSink = std::function<void(std::string_view)>;

// For an attribute or an element's content: one line of valid UTF-8; what XML does not allow at all
// becomes '?' (control characters, bytes that are no UTF-8).
std::string xml_text(std::string_view bytes);

class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // The sink outlives the writer.
  explicit XmlWriter(const TextSink& sink);

  void open(std::string_view name, Attributes attributes = {});
  void close();  // REQUIRES: one is open
  void leaf(std::string_view name, Attributes attributes = {});
  // The lines are the element's content, with line breaks between them.
  void lines(std::string_view name, const std::vector<std::string>& lines,
             Attributes attributes = {});

 private:
  void start(std::string_view name, Attributes attributes);

  const TextSink& sink_;
  std::vector<std::string> open_;
};

}  // namespace joust::report
