"""Writes small OpenSim models (version 40600) that use every joint, constraint and function class of the multibody part.

    python make_models.py models
    for each: python ../../../shared/conformance/generate.py models/NAME.osim --seed N --poses 1 --no-muscle-tables \\
        --out data/NAME.json.gz          (N: 1, 2, ... in the order of names)

Not here, since OpenSim 4.6 does not load or contradicts itself: a body that no joint names (it fails to load), and a
WeldJoint that closes a loop (it welds the constraint and adds the body a second time, with its mass).
"""
import itertools, os, sys, random
OUT=sys.argv[1]
def coord(name, default=0.1, rng=(-1.2,1.2), locked=False, prescribed=None, extra=""):
    p=""
    if prescribed: p=f"<prescribed_function>{prescribed}</prescribed_function><prescribed>true</prescribed>"
    return f'<Coordinate name="{name}"><default_value>{default}</default_value><range>{rng[0]} {rng[1]}</range><locked>{"true" if locked else "false"}</locked>{p}{extra}</Coordinate>'
def frame(name, parent, t, r):
    return f'<PhysicalOffsetFrame name="{name}"><socket_parent>{parent}</socket_parent><translation>{t}</translation><orientation>{r}</orientation></PhysicalOffsetFrame>'
def base(b): return "/ground" if b=="ground" else f"/bodyset/{b}"
def joint(cls, name, parent, child, coords, body="", pt="0.1 -0.2 0.05", pr="0.2 -0.1 0.3", ct="0.02 0.25 -0.03", cr="-0.15 0.1 0.2"):
    cs=f"<coordinates>{''.join(coords)}</coordinates>" if coords else ""
    return (f'<{cls} name="{name}"><socket_parent_frame>{parent}_offset</socket_parent_frame><socket_child_frame>{child}_offset</socket_child_frame>'
            f'{cs}<frames>{frame(parent+"_offset",base(parent),pt,pr)}{frame(child+"_offset",base(child),ct,cr)}</frames>{body}</{cls}>')
def body(name, mass=2.0, seed=1):
    r=random.Random(seed+len(name)*7+sum(map(ord,name)))
    if mass==0: return f'<Body name="{name}"><mass>0</mass><mass_center>0 0 0</mass_center><inertia>0 0 0 0 0 0</inertia></Body>'
    k=0.02*mass
    return (f'<Body name="{name}"><mass>{mass}</mass><mass_center>{r.uniform(-.1,.1):.4f} {r.uniform(-.2,0):.4f} {r.uniform(-.1,.1):.4f}</mass_center>'
            f'<inertia>{3*k:.5f} {4*k:.5f} {5*k:.5f} {.3*k:.5f} {-.2*k:.5f} {.1*k:.5f}</inertia></Body>')
def model(name, bodies, joints, constraints="", markers=""):
    xml=(f'<?xml version="1.0" encoding="UTF-8" ?>\n<OpenSimDocument Version="40600">\n<Model name="{name}">\n<gravity>0.3 -9.80665 -0.2</gravity>\n'
         f'<BodySet name="bodyset"><objects>\n'+"\n".join(bodies)+'\n</objects></BodySet>\n<JointSet name="jointset"><objects>\n'+"\n".join(joints)+'\n</objects></JointSet>\n'
         f'<ConstraintSet name="constraintset"><objects>\n{constraints}\n</objects></ConstraintSet>\n<MarkerSet name="markerset"><objects>\n{markers}\n</objects></MarkerSet>\n</Model>\n</OpenSimDocument>\n')
    open(os.path.join(OUT,name+".osim"),"w").write(xml)
def axis(name, coords, ax, fn): return f'<TransformAxis name="{name}"><coordinates>{coords}</coordinates><axis>{ax}</axis>{fn}</TransformAxis>'
const=lambda v: f'<Constant name="function"><value>{v}</value></Constant>'
lin=lambda *c: f'<LinearFunction name="function"><coefficients>{" ".join(map(str,c))}</coefficients></LinearFunction>'
poly=lambda *c: f'<PolynomialFunction name="function"><coefficients>{" ".join(map(str,c))}</coefficients></PolynomialFunction>'
X="-2 -1.2 -0.4 0.3 0.9 1.6 2.2"; Y="0.3 -0.2 0.1 0.35 0.15 -0.25 0.05"
simm=f'<SimmSpline name="function"><x>{X}</x><y>{Y}</y></SimmSpline>'
pwl=f'<PiecewiseLinearFunction name="function"><x>{X}</x><y>{Y}</y></PiecewiseLinearFunction>'
gcv=lambda h: f'<GCVSpline name="function"><half_order>{h}</half_order><error_variance>0</error_variance><x>{X} 2.9 3.5</x><y>{Y} 0.2 -0.1</y><weights>1 1 1 1 1 1 1 1 1</weights></GCVSpline>'
sine='<Sine name="function"><amplitude>0.3</amplitude><omega>1.4</omega><phase>0.5</phase><offset>0.1</offset></Sine>'
step='<StepFunction name="function"><start_time>-0.8</start_time><end_time>0.9</end_time><start_value>-0.1</start_value><end_value>0.3</end_value></StepFunction>'
NAME=' name="function"'
mult=lambda s,f: '<MultiplierFunction name="function"><function>'+f.replace(NAME,"")+f'</function><scale>{s}</scale></MultiplierFunction>'
mvp=lambda d,o,c: f'<MultivariatePolynomialFunction name="function"><coefficients>{" ".join(map(str,c))}</coefficients><dimension>{d}</dimension><order>{o}</order></MultivariatePolynomialFunction>'
def custom(name, parent, child, coords, axes, **k):
    st="<SpatialTransform>"+"".join(axis(n,*a) for n,a in zip(("rotation1","rotation2","rotation3","translation1","translation2","translation3"),axes))+"</SpatialTransform>"
    return joint("CustomJoint",name,parent,child,coords,st,**k)
C=coord
def tip(parent): return joint("PinJoint","tip_"+parent,parent,"end",[C("tip")])
M='<Marker name="m1"><socket_parent_frame>/bodyset/end</socket_parent_frame><location>0.1 0.2 -0.1</location></Marker>'
def chain(name, mk, constraints="", extra_bodies=()):
    """base hinge, the joint under test, a hinge at the tip"""
    model(name,[body("first",3),body("second"),body("end",1.5)]+list(extra_bodies),
          [joint("PinJoint","base","ground","first",[C("base")])]+mk+[tip("second")],constraints,M)
three=lambda p="c": [C(p+"x"),C(p+"y",.2),C(p+"z",-.1)]
six=lambda p="c": three(p)+[C(p+"tx",.1,(-.5,.5)),C(p+"ty",.2,(-.5,.5)),C(p+"tz",-.1,(-.5,.5))]
chain("ball",[joint("BallJoint","j","first","second",three())])
chain("free",[joint("FreeJoint","j","first","second",six())])
chain("gimbal",[joint("GimbalJoint","j","first","second",three())])
chain("universal",[joint("UniversalJoint","j","first","second",[C("a"),C("b")])])
chain("planar",[joint("PlanarJoint","j","first","second",[C("rz"),C("tx",.1,(-.5,.5)),C("ty",.1,(-.5,.5))])])
chain("slider",[joint("SliderJoint","j","first","second",[C("s",.1,(-.5,.5))])])
chain("ellipsoid",[joint("EllipsoidJoint","j","first","second",three(),"<radii_x_y_z>0.15 0.3 0.2</radii_x_y_z>")])
sc=[C("abduction"),C("elevation"),C("upward"),C("winging")]
chain("scapulothoracic",[joint("ScapulothoracicJoint","j","first","second",sc,"<thoracic_ellipsoid_radii_x_y_z>0.1 0.2 0.12</thoracic_ellipsoid_radii_x_y_z><scapula_winging_axis_origin>-0.05 0.04</scapula_winging_axis_origin><scapula_winging_axis_direction>0.4</scapula_winging_axis_direction>")])
chain("weld",[joint("WeldJoint","j","first","second",[])])
A=lambda f,c="a": [(c,"1 0.2 0",f),("","0 1 0",const(.2)),("","0 0 2",const(0)),(c,"0 1 .5",f),("","1 0 0",const(.1)),("","0 0 1",const(0))]
for n,f in dict(simm=simm,piecewise_linear=pwl,gcv3=gcv(2),gcv7=gcv(4),sine=sine,step=step,polynomial=poly(.3,-.2,.8,.1),multiplier=mult(-.7,simm)).items():
    chain("function_"+n,[custom("j","first","second",[C("a",.2,(-1.5,1.8))],A(f))])
# several coordinates in one axis, in an order that is not that of the axes; axes not unit length, not perpendicular
chain("custom_order",[custom("j","first","second",[C("t",.1,(-.5,.5)),C("r3"),C("r1"),C("r2")],
   [("r1","1 0.3 0",lin(1,0)),("r2","0 2 0.5",lin(1,.1)),("r3","0.2 0 -1",lin(-1.5,0)),("t","1 1 0",lin(1,0)),("","0 1 0",const(.05)),("","0 0 1",const(0))])])
chain("custom_one_drives_all",[custom("j","first","second",[C("a"),C("b")],
   [("a","1 0 0",simm),("a","0 1 0",poly(.2,.5,0)),("b","0 0 1",lin(1,0)),("a","1 0 0",simm),("b","0 1 0",sine),("a","0 0 1",lin(.2,0))])])
chain("custom_linear_of_two",[custom("j","first","second",[C("a"),C("b")],
   [("a b","1 0 0",lin(.5,-.8,.1)),("b","0 1 0",lin(1,0)),("","0 0 1",const(0)),("a b","1 0 0",lin(.1,.2,0)),("","0 1 0",const(0)),("","0 0 1",const(0))])])
chain("custom_multivariate",[custom("j","first","second",[C("a"),C("b")],
   [("a","1 0 0",lin(1,0)),("b","0 1 0",lin(1,0)),("","0 0 1",const(0)),("a b","1 0 0",mvp(2,2,[.1,.05,-.04,.2,.03,-.06])),("","0 1 0",const(0)),("","0 0 1",const(0))])])
# the child is nearer to ground
def rev(name, cls, cs, b=""):
    model("reversed_"+name,[body("second"),body("first",3),body("end",1.5)],
      [joint(cls,"j","second","first",cs,b),joint("PinJoint","base","ground","first",[C("base")]),tip("second")],"",M)
rev("ball","BallJoint",three()); rev("free","FreeJoint",six()); rev("planar","PlanarJoint",[C("rz"),C("tx",.1,(-.5,.5)),C("ty",.1,(-.5,.5))])
rev("universal","UniversalJoint",[C("a"),C("b")]); 
rev("ellipsoid","EllipsoidJoint",three(),"<radii_x_y_z>0.15 0.3 0.2</radii_x_y_z>")
model("reversed_custom",[body("second"),body("first",3),body("end",1.5)],
   [custom("j","second","first",[C("a"),C("b")],[("a","1 0 0",simm),("a","0 1 0",poly(.2,.5,0)),("b","0 0 1",lin(1,0)),("a","1 0 0",simm),("b","0 1 0",sine),("a","0 0 1",lin(.2,0))]),
    joint("PinJoint","base","ground","first",[C("base")]),tip("second")],"",M)
# loops
Z=dict(pr="0 0 0",cr="0 0 0")
bar=lambda n,p,c,d,pt,ct="0 0 0": joint("PinJoint",n,p,c,[C(n,d,(-1.5,1.5))],pt=pt,ct=ct,**Z)
model("fourbar",[body("crank"),body("coupler",1.5),body("rocker",2.5)],
   [bar("a","ground","crank",.6,"0 0 0"),bar("b","crank","coupler",-.4,"0.3 0 0"),bar("c","ground","rocker",1.0,"0.6 0 0"),bar("d","rocker","coupler",-.9,"0.35 0 0","0.5 0 0")])
model("fourbar_ball",[body("crank"),body("coupler",1.5),body("rocker",2.5)],
   [bar("a","ground","crank",.6,"0 0 0"),joint("BallJoint","b","crank","coupler",three("b"),pt="0.3 0 0",ct="0 0 0",**Z),bar("c","ground","rocker",1.0,"0.6 0 0"),joint("BallJoint","d","rocker","coupler",three("d"),pt="0.35 0 0",ct="0.5 0 0",**Z)])
# bodies
model("loose_chain",[body("one"),body("two",1.5),body("three",2.5)],[joint("PinJoint","a","one","two",[C("a")]),joint("BallJoint","b","one","three",three("b"))])
model("massless_inside",[body("one"),body("none",0),body("two",1.5)],[joint("PinJoint","a","ground","one",[C("a")]),joint("PinJoint","b","one","none",[C("b")]),joint("SliderJoint","c","none","two",[C("c",.1,(-.5,.5))])])
# constraints between two free bodies and a pendulum
two=lambda: ([body("one"),body("two",1.5),body("end",1)],[joint("FreeJoint","a","ground","one",six("a")),joint("FreeJoint","b","ground","two",six("b")),tip("two")])
def cons(name, xml):
    b,j=two(); model("constraint_"+name,b,j,xml,M)
P=lambda tag: f"<socket_{tag}_1>/bodyset/one</socket_{tag}_1><socket_{tag}_2>/bodyset/two</socket_{tag}_2>"
cons("weld",f'<WeldConstraint name="k"><socket_frame1>f1</socket_frame1><socket_frame2>f2</socket_frame2><frames>{frame("f1","/bodyset/one",".1 .2 .1",".1 .2 -.3")}{frame("f2","/bodyset/two","-.1 .1 .2",".2 .1 .1")}</frames></WeldConstraint>')
cons("point",f'<PointConstraint name="k">{P("body")}<location_body_1>0.1 0.2 0</location_body_1><location_body_2>-0.1 0 0.2</location_body_2></PointConstraint>')
cons("distance",f'<ConstantDistanceConstraint name="k">{P("body")}<location_body_1>0.1 0.2 0</location_body_1><location_body_2>-0.1 0 0.2</location_body_2><constant_distance>0.6</constant_distance></ConstantDistanceConstraint>')
cons("line",'<PointOnLineConstraint name="k"><socket_line_body>/bodyset/one</socket_line_body><socket_follower_body>/bodyset/two</socket_follower_body><line_direction_vec>1 2 -0.5</line_direction_vec><point_on_line>0.1 0 0.2</point_on_line><point_on_follower>0 0.1 0.1</point_on_follower></PointOnLineConstraint>')
cons("rolling",'<RollingOnSurfaceConstraint name="k"><socket_rolling_body>/bodyset/two</socket_rolling_body><socket_surface_body>/bodyset/one</socket_surface_body><surface_normal>0 1 0</surface_normal><surface_height>0.15</surface_height></RollingOnSurfaceConstraint>')
cp=lambda n,i,d,f,s=1: f'<CoordinateCouplerConstraint name="{n}"><coupled_coordinates_function>{f}</coupled_coordinates_function><independent_coordinate_names>{i}</independent_coordinate_names><dependent_coordinate_name>{d}</dependent_coordinate_name><scale_factor>{s}</scale_factor></CoordinateCouplerConstraint>'
fn=lambda f: f.replace(' name="function"','')
cons("couplers",cp("k1","ax","bx",fn(simm),1.5)+cp("k2","ay az","by",fn(lin(.5,-.4,.1)))+cp("k3","bx","bz",fn(lin(.7,.1)))+cp("k4","tip","btx",fn(poly(.1,.2,0))))
cons("coupler_of_speeds_joint",cp("k1","tip","ax",fn(lin(1,0)))+f'<PointConstraint name="k">{P("body")}<location_body_1>0.1 0.2 0</location_body_1><location_body_2>-0.1 0 0.2</location_body_2></PointConstraint>')
chain("locked_and_prescribed",[joint("GimbalJoint","j","first","second",[C("x",.3,locked=True),C("y",.2,prescribed='<Sine><amplitude>0.4</amplitude><omega>3</omega><phase>0.7</phase></Sine>'),C("z")])])
chain("locked_ball",[joint("BallJoint","j","first","second",[C("x",.3,locked=True),C("y",.2),C("z",.1)])])
# a custom joint whose acceleration Simbody gets wrong, in a loop
model("departing_loop",[body("one"),body("two",1.5),body("three",2.5)],
   [custom("a","ground","one",[C("a"),C("b")],[("a","1 0 0",simm),("a","0 1 0",poly(.2,.5,0)),("a","0 0 1",lin(1,0)),("a","1 0 0",simm),("b","0 1 0",sine),("a","0 0 1",lin(.2,0))]),
    joint("BallJoint","j","one","two",three()),joint("FreeJoint","f","ground","three",six("f"))],
   '<PointConstraint name="k"><socket_body_1>/bodyset/two</socket_body_1><socket_body_2>/bodyset/three</socket_body_2><location_body_1>0.1 0.2 0</location_body_1><location_body_2>-0.1 0 0.2</location_body_2></PointConstraint>')
