#pragma once
// Bilateral negotiations by alternating offers, all of a day's at once.
//
// The negotiation's opener proposes first. In each round the openers act on all their live
// negotiations, in the order of the factories, and then the responders do. To act on an offer is to
// accept it (the agreement binds at once), to counter it, or to end the negotiation. An offer
// outside the issues ends the negotiation too. After the last round, what is still open has timed
// out.
//
// All of a two-level market's negotiations have their opener on one side of it, so this order gives
// every agent the same information as stepping the negotiations one by one and letting synchronous
// agents wait for all their offers.

#include <span>
#include <vector>

namespace joust::worlds::scml {

struct Offer {
  int quantity = 0;
  int day = 0;  // of delivery
  int unit_price = 0;
  bool operator==(const Offer&) const = default;
};

struct Issue {  // both ends included
  int low = 0;
  int high = 0;
  bool contains(int value) const { return low <= value && value <= high; }
};

struct Issues {
  Issue quantity;
  Issue day;
  Issue unit_price;
  bool contains(const Offer& offer) const {
    return quantity.contains(offer.quantity) && day.contains(offer.day) &&
           unit_price.contains(offer.unit_price);
  }
};

// One live negotiation as the agent sees it whose turn it is.
struct Talk {
  int partner = 0;       // factory
  bool selling = false;  // the agent would be the seller
  bool has_offer = false;
  Offer offer;  // the partner's; only if has_offer
};

struct Reply {
  enum class Kind { end, accept, propose };
  Kind kind = Kind::end;
  Offer offer;  // only to propose

  static Reply end() { return {}; }
  static Reply accept() { return {Kind::accept, {}}; }
  static Reply propose(const Offer& offer) { return {Kind::propose, offer}; }
};

struct Contract {
  int buyer = 0;  // factory
  int seller = 0;
  int product = 0;
  Offer terms;
};

// The side that the table calls on; implemented by the simulation.
class NegotiationParties {
 public:
  virtual ~NegotiationParties() = default;
  // Whether the agent answers all its negotiations together. If not it is asked one by one, so that
  // what it agreed to in one is known in the next.
  virtual bool synchronous(int factory) const = 0;
  virtual void act(int factory, int round, std::span<const Talk> talks,
                   std::span<Reply> replies) = 0;
  virtual void agreed(const Contract& contract) = 0;
};

// The negotiations of one day. Reuses its memory from day to day.
class NegotiationTable {
 public:
  struct Counts {
    int opened = 0;
    int agreed = 0;
    int timed_out = 0;
    int broken() const { return opened - agreed - timed_out; }
  };

  explicit NegotiationTable(int factories);

  void clear();
  // REQUIRES: `issues` outlives the day. `product` is what the seller makes and the buyer needs.
  void open(int opener, int responder, bool opener_buys, int product, const Issues& issues);
  void run(int rounds, NegotiationParties& parties);

  const Counts& counts() const { return counts_; }  // since the last clear()

 private:
  struct Negotiation {
    int opener;
    int responder;
    int product;
    const Issues* issues;
    bool opener_buys;
    bool live;
    bool has_offer;
    Offer offer;
  };

  void act_for_side(const std::vector<std::vector<int>>& side, int round,
                    NegotiationParties& parties);
  void act_for(int factory, int round, std::span<const int> ids, NegotiationParties& parties);
  Talk talk_of(const Negotiation& negotiation, int factory) const;
  void apply(Negotiation& negotiation, const Reply& reply, NegotiationParties& parties);

  std::vector<Negotiation> negotiations_;
  std::vector<std::vector<int>> opened_by_;  // per factory: negotiations, in order of creation
  std::vector<std::vector<int>> answered_by_;
  int live_ = 0;
  Counts counts_;
  std::vector<int> acting_;  // scratch
  std::vector<Talk> talks_;
  std::vector<Reply> replies_;
};

}  // namespace joust::worlds::scml
