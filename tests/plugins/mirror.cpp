// A plugin that says what it was given: every kind of parameter, the competitors, the task, and the
// resource "words". All of it is in the payload.

#include <joust/world.hpp>

#include <cmath>
#include <sstream>

namespace {

class Mirror {
 public:
  static joust::Declaration declare() {
    using P = joust::Parameter;
    joust::Declaration it("mirror", "Says what it was given.");
    it.seats(1, 3, 2);
    it.parameter(P::boolean("boolean", true));
    it.parameter(P::integer("integer", -7).between(-10, 10).unit("steps").about("a whole number"));
    it.parameter(P::real("real", 0.25).between(-INFINITY, 1));
    it.parameter(P::text("text", "one"));
    it.parameter(P::text("choice", "fast").one_of({"fast", "thorough"}));
    it.parameter(P::text_list("texts", {"a", "b"}));
    it.parameter(P::integer_range("integers", 1, 2));
    it.parameter(P::real_range("reals", 0.5, 1.5));
    it.parameter(P::duration("duration", 250'000'000));
    it.parameter(P::size("size", 4096));
    it.parameter(P::file("file"));
    it.competitor("Plain", "has nothing of its own");
    it.competitor("Tuned", "has a level", {P::integer("level", 5).between(1, 10)});
    return it;
  }

  explicit Mirror(const joust::Setup& setup) {
    const joust::Parameters& p = setup.parameters;
    std::ostringstream out;
    out << "boolean " << p.boolean("boolean") << "\ninteger " << p.integer("integer") << "\nreal "
        << p.real("real") << "\ntext " << p.text("text") << "\nchoice " << p.text("choice")
        << "\ntexts";
    for (const std::string_view text : p.text_list("texts")) out << ' ' << text;
    out << "\nintegers " << p.integer_range("integers").first << ' '
        << p.integer_range("integers").second << "\nreals " << p.real_range("reals").first << ' '
        << p.real_range("reals").second << "\nduration " << p.duration("duration") << "\nsize "
        << p.size("size") << "\nfile " << p.file("file") << "\nseats " << setup.seats
        << "\nthreads " << setup.threads << '\n';
    for (const joust::Competitor& each : setup.competitors) {
      out << each.name << " is " << each.type;
      if (each.type == "Tuned") out << ' ' << each.parameters.integer("level");
      out << '\n';
    }
    setup_ = out.str();
  }

  joust::Result play(const joust::Task& task, joust::Context& context) {
    const joust::Resource words = context.resource("words");
    std::ostringstream out;
    out << setup_ << "words " << std::string_view(static_cast<const char*>(words.data), words.size)
        << "task " << task.index << " config " << task.config << " rotation " << task.rotation
        << " run " << task.run << " set " << task.set << " seats";
    for (const std::uint32_t seat : task.seats) out << ' ' << seat;
    out << " attempt " << context.attempt() << " stop " << context.stop_requested() << '\n';
    joust::Result result;
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat)
      result.seats.push_back({1, {}, {}});
    result.payload = out.str();
    return result;
  }

 private:
  std::string setup_;
};

}  // namespace

JOUST_PLUGIN(Mirror)
